<#
.SYNOPSIS
  Presence with PowerShell 5.1 or 7.
.EXAMPLE
  .\Presence.ps1 query 'Ana Reyes/Sales/Contoso', ben@contoso.example
.EXAMPLE
  .\Presence.ps1 watch ana@contoso.example
.EXAMPLE
  .\Presence.ps1 set busy -Text 'Room 4'
.EXAMPLE
  .\Presence.ps1 im ana@contoso.example -Text 'The mail server is back'
.NOTES
  PRESENCE_URL is the address of the bridge, PRESENCE_TOKEN_FILE a file that holds a token of the scopes
  read, stream, own-status, message; what you do not need, leave out.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)][ValidateSet('query', 'watch', 'set', 'im')][string]$Command,
    [Parameter(Mandatory, Position = 1)][string[]]$Who,
    [string]$Text = ''
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

$url = if ($env:PRESENCE_URL) { $env:PRESENCE_URL.TrimEnd('/') } else { 'http://127.0.0.1:8480' }
if (-not $env:PRESENCE_TOKEN_FILE) { throw 'PRESENCE_TOKEN_FILE was expected: the file with the access token' }
$token = ([IO.File]::ReadAllText($env:PRESENCE_TOKEN_FILE)).Trim()
$headers = @{ Authorization = "Bearer $token" }

function Send-Request([string]$Method, [string]$Path, [hashtable]$Body) {
    # As octets: Windows PowerShell would send a text in Latin-1.
    $octets = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject $Body -Depth 4 -Compress))
    Invoke-RestMethod -Method $Method -Uri "$url$Path" -Headers $headers -Body $octets -ContentType 'application/json; charset=utf-8'
}

# Gives each person of each message. After a loss it comes back with the id of the last one, and so misses nothing.
function Watch-Presence([string[]]$People) {
    Add-Type -AssemblyName System.Net.Http
    $client = New-Object Net.Http.HttpClient
    $client.Timeout = [Threading.Timeout]::InfiniteTimeSpan
    $names = ($People | ForEach-Object { 'person=' + [Uri]::EscapeDataString($_) }) -join '&'
    $last = ''
    while ($true) {
        $request = New-Object Net.Http.HttpRequestMessage ([Net.Http.HttpMethod]::Get), "$url/api/v1/stream?$names"
        [void]$request.Headers.TryAddWithoutValidation('Authorization', "Bearer $token")
        if ($last) { [void]$request.Headers.TryAddWithoutValidation('Last-Event-ID', $last) }
        try {
            $answer = $client.SendAsync($request, [Net.Http.HttpCompletionOption]::ResponseHeadersRead).GetAwaiter().GetResult()
            $status = [int]$answer.StatusCode
            if ($status -ge 400 -and $status -lt 500 -and $status -ne 429) { throw "The bridge answered $status" }
            $reader = New-Object IO.StreamReader ($answer.Content.ReadAsStreamAsync().GetAwaiter().GetResult())
            while ($null -ne ($line = $reader.ReadLine())) {
                if ($line.StartsWith('id: ')) { $last = $line.Substring(4) }
                if ($line.StartsWith('data: ')) {
                    $message = $line.Substring(6) | ConvertFrom-Json
                    # Others tell of the bridge itself; types that are not known yet may come.
                    if ($message.type -in 'snapshot', 'changes') { $message.people }
                }
            }
        }
        catch [IO.IOException], [Net.Http.HttpRequestException] {
            Write-Warning "The bridge is not heard: $($_.Exception.Message)"
        }
        Start-Sleep -Milliseconds (Get-Random -Minimum 1000 -Maximum 3000)
    }
}

switch ($Command) {
    'query' { (Send-Request 'POST' '/api/v1/people/query' @{ people = @($Who) }).people }
    'watch' { Watch-Presence $Who }
    'set' {
        $status = @{ status = $Who[0] }
        if ($Text) { $status.note = $Text }
        (Send-Request 'PUT' '/api/v1/self' $status).own
    }
    'im' { Send-Request 'POST' '/api/v1/messages' @{ to = $Who[0]; text = $Text } }
}
