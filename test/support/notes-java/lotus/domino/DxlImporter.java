package lotus.domino;

public interface DxlImporter {
  int DXLIMPORTOPTION_REPLACE_ELSE_IGNORE = 5;
  int DXLIMPORTOPTION_REPLACE_ELSE_CREATE = 6;

  void setReplicaRequiredForReplaceOrUpdate(boolean flag) throws NotesException;

  void setDesignImportOption(int option) throws NotesException;

  void setReplaceDbProperties(boolean flag) throws NotesException;

  void setACLImportOption(int option) throws NotesException;

  void importDxl(Stream stream, Database database) throws NotesException;

  int getImportedNoteCount() throws NotesException;

  String getLog() throws NotesException;
}
