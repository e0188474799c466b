package lotus.domino;

public interface Database {
  int DBSIGN_DOC_ALL = 32767;

  boolean isOpen() throws NotesException;

  String getTemplateName() throws NotesException;

  String getTitle() throws NotesException;

  void grantAccess(String name, int level) throws NotesException;

  void sign(int kind) throws NotesException;
}
