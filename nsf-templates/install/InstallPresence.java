import lotus.domino.ACL;
import lotus.domino.Database;
import lotus.domino.DxlImporter;
import lotus.domino.NotesException;
import lotus.domino.NotesFactory;
import lotus.domino.NotesThread;
import lotus.domino.Session;
import lotus.domino.Stream;

/**
 * Puts "@@title@@" (@@template@@ @@version@@) into a Notes database, where PowerShell is not: on a Domino
 * server on Linux, or a Mac. The first run makes the template, with its properties and access control list; every later
 * run replaces design elements and nothing else.
 *
 * <pre>
 * javac -cp Notes.jar InstallPresence.java
 * java -cp Notes.jar:. InstallPresence domino01/Contoso presence.ntf @@dxl@@
 * </pre>
 */
public final class InstallPresence {
  private static final String TEMPLATE_NAME = "@@template@@";

  private InstallPresence() {}

  public static void main(String[] arguments) {
    if (arguments.length != 3) {
      System.err.println("Usage: InstallPresence <server, or \"\"> <file of the template> <DXL file>");
      System.exit(64);
    }
    boolean installed = false;
    NotesThread.sinitThread();
    try {
      install(arguments[0], arguments[1], arguments[2]);
      installed = true;
    } catch (NotesException exception) {
      System.err.println("Not installed: " + exception.text);
    } finally {
      NotesThread.stermThread();
    }
    // Not within the block above: it would leave the thread of Notes behind.
    if (!installed) System.exit(1);
  }

  private static void install(String server, String file, String dxl) throws NotesException {
    Session session = NotesFactory.createSession();
    Database database = session.getDatabase(server, file, false);
    boolean fresh = database == null || !database.isOpen();
    if (fresh) {
      database = session.getDbDirectory(server).createDatabase(file, true);
    } else if (!TEMPLATE_NAME.equals(database.getTemplateName())) {
      throw new NotesException(0, file + " is not the template " + TEMPLATE_NAME + " but '" + database.getTitle() + "'");
    }
    Stream stream = session.createStream();
    if (!stream.open(dxl, "UTF-8")) {
      throw new NotesException(0, dxl + " cannot be read");
    }
    DxlImporter importer = session.createDxlImporter();
    importer.setReplicaRequiredForReplaceOrUpdate(false);
    importer.setDesignImportOption(DxlImporter.DXLIMPORTOPTION_REPLACE_ELSE_CREATE);
    if (fresh) {
      importer.setReplaceDbProperties(true);
      importer.setACLImportOption(DxlImporter.DXLIMPORTOPTION_REPLACE_ELSE_IGNORE);
    }
    try {
      importer.importDxl(stream, database);
    } catch (NotesException exception) {
      String unfinished = fresh ? "\nDelete " + file + " before you try again: it is new and not complete." : "";
      throw new NotesException(exception.id, exception.text + "\n" + importer.getLog() + unfinished);
    } finally {
      stream.close();
    }
    System.out.println(importer.getImportedNoteCount() + " design elements imported into " + file + ".");
    if (fresh) {
      // The imported access list names groups alone: whoever is in none of them would be locked out.
      database.grantAccess(session.getUserName(), ACL.LEVEL_MANAGER);
    }
    database.sign(Database.DBSIGN_DOC_ALL);
    System.out.println(file + " is signed by " + session.getCommonUserName() + ".");
  }
}
