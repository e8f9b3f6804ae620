#include <libpq-fe.h>
#include <postgres_ext.h>

// The macros are characters, which Swift does not import.
static const int lectern_pq_sqlstate = PG_DIAG_SQLSTATE;
static const int lectern_pq_primary_message = PG_DIAG_MESSAGE_PRIMARY;
