/** An answer as it is; of server-sent events, which do not end by themselves, what comes until everything was told once. */
export async function endedStream(answer: Response): Promise<Response> {
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream') || answer.body === null) return answer;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!/event: (snapshot|error)\n(.*\n)*\n/.test(text)) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  await reader.cancel();
  return new Response(text, { status: answer.status, headers: answer.headers });
}
