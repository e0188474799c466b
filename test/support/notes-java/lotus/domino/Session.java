package lotus.domino;

public interface Session {
  Database getDatabase(String server, String file, boolean create) throws NotesException;

  DbDirectory getDbDirectory(String server) throws NotesException;

  Stream createStream() throws NotesException;

  DxlImporter createDxlImporter() throws NotesException;

  String getCommonUserName() throws NotesException;

  String getUserName() throws NotesException;
}
