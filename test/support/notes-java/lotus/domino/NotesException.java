package lotus.domino;

public class NotesException extends Exception {
  private static final long serialVersionUID = 1L;

  public final int id;
  public final String text;

  public NotesException(int id, String text) {
    super(text);
    this.id = id;
    this.text = text;
  }
}
