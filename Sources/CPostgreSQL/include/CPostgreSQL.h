#ifndef LECTERN_CPOSTGRESQL_H
#define LECTERN_CPOSTGRESQL_H

// Types and constants alone come from the headers; the functions are looked up when a PostgreSQL server is first asked for.
// Linked in the usual way, libpq and the twenty libraries behind it (LDAP, Kerberos, TLS) would cost every start a third of
// its time and several megabytes, also where the database is a file of SQLite.
#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#include <postgres_ext.h>
#else
#include <postgresql/libpq-fe.h>
#include <postgresql/postgres_ext.h>
#endif

// The macros are characters, which Swift does not import.
static const int lectern_pq_sqlstate = PG_DIAG_SQLSTATE;
static const int lectern_pq_primary_message = PG_DIAG_MESSAGE_PRIMARY;

// The functions that are used, under their own names.
#define LECTERN_PQ_FUNCTIONS(X)                                                                                              \
    X(PQcancel) X(PQclear) X(PQconnectdbParams) X(PQconninfoFree) X(PQconninfoParse) X(PQerrorMessage) X(PQexec) X(PQfinish)  \
    X(PQfname) X(PQfreeCancel) X(PQftype) X(PQgetCancel) X(PQgetResult) X(PQgetisnull) X(PQgetlength) X(PQgetvalue)           \
    X(PQnfields) X(PQparameterStatus) X(PQprepare) X(PQresultErrorField) X(PQresultStatus) X(PQsendQueryParams)               \
    X(PQsendQueryPrepared) X(PQserverVersion) X(PQsetNoticeReceiver) X(PQsetSingleRowMode) X(PQstatus)

#define LECTERN_PQ_FIELD(name) __typeof__(&name) _Nonnull name;
typedef struct {
    LECTERN_PQ_FUNCTIONS(LECTERN_PQ_FIELD)
} lectern_pq_functions;
#undef LECTERN_PQ_FIELD

/// Loads libpq and fills in the functions. NULL, or why that is not possible.
const char *_Nullable lectern_pq_load(lectern_pq_functions *_Nonnull functions);

#endif
