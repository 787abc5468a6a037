/* The least that a program with this store can do: opens it, reads one row, exits. What an idle `run-due` is compared
 * with; SQLite is linked statically, as in avisloop. usage: open_store FILE */
#include <sqlite3.h>
#include <stdio.h>

int main(int count, char** words) {
  sqlite3* store = NULL;
  sqlite3_stmt* statement = NULL;
  int answer = 1;
  if (count != 2) {
    fputs("usage: open_store FILE\n", stderr);
    return 2;
  }
  if (sqlite3_open_v2(words[1], &store, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
      sqlite3_prepare_v2(store, "select min(next_due_at) from lanes", -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW) {
    answer = 0;
  } else {
    fprintf(stderr, "open_store: %s\n", sqlite3_errmsg(store));
  }
  sqlite3_finalize(statement);
  sqlite3_close(store);
  return answer;
}
