package lotus.domino;

public interface ACL {
  int LEVEL_MANAGER = 6;
}
