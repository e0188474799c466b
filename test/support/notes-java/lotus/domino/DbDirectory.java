package lotus.domino;

public interface DbDirectory {
  Database createDatabase(String file, boolean open) throws NotesException;
}
