package lotus.domino;

public final class NotesThread {
  private NotesThread() {}

  public static void sinitThread() {
    System.out.println("NotesThread.sinitThread()");
  }

  public static void stermThread() {
    System.out.println("NotesThread.stermThread()");
  }
}
