package lotus.domino;

public interface Stream {
  boolean open(String path, String charset) throws NotesException;

  void close() throws NotesException;
}
