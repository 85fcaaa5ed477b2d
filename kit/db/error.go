package db

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"cadre/kit/fault"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
)

// What a use case may want to know of a failure.
var (
	ErrNone   = errors.New("no such row")
	ErrTwice  = errors.New("a row with this key exists")
	ErrOrphan = errors.New("a row refers to another that does not exist")
)

// SQLite's result codes (sqlite.org/rescode.html), by their primary part, and two extended ones.
const (
	codePerm, codeBusy, codeLocked, codeReadOnly, codeIO = 3, 5, 6, 8, 10
	codeCorrupt, codeFull, codeCantOpen, codeNotADB      = 11, 13, 14, 26
	codePrimaryKey, codeUnique, codeForeignKey           = 1555, 2067, 787
)

// explain turns an engine's error into one that the house understands; the original stays its cause.
func explain(err error) error {
	var lite *sqlite.Error
	var pg *pgconn.PgError
	switch {
	case err == nil, errors.Is(err, sql.ErrTxDone):
		return err
	case errors.As(err, &lite):
		return explainSQLite(lite)
	case errors.As(err, &pg):
		return explainPostgres(pg)
	case strings.Contains(err.Error(), "failed to connect"), strings.Contains(err.Error(), "conn closed"):
		return fault.New(fault.Unavailable, "La base de données ne répond pas. Rien n’a été enregistré ; réessayez dans un moment.").Because(err)
	}
	return err
}

func explainSQLite(err *sqlite.Error) error {
	switch err.Code() {
	case codePrimaryKey, codeUnique:
		return fmt.Errorf("%w: %w", ErrTwice, err)
	case codeForeignKey:
		return fmt.Errorf("%w: %w", ErrOrphan, err)
	}
	switch err.Code() & 0xff {
	case codeFull:
		return fault.New(fault.Unavailable, "Le disque du serveur est plein. Rien n’a été enregistré ; prévenez l’administrateur technique.").Because(err)
	case codeBusy, codeLocked:
		return fault.New(fault.Unavailable, "La base de données est occupée. Rien n’a été enregistré ; réessayez dans un moment.").Because(err)
	case codeReadOnly, codePerm, codeCantOpen:
		return fault.New(fault.Unavailable, "La base de données ne peut pas être écrite. Rien n’a été enregistré ; prévenez l’administrateur technique.").Because(err)
	case codeIO:
		return fault.New(fault.Unavailable, "Le disque du serveur a refusé l’écriture. Rien n’a été enregistré ; prévenez l’administrateur technique.").Because(err)
	case codeCorrupt, codeNotADB:
		return fault.New(fault.Unavailable, "Le fichier de la base de données est endommagé. Prévenez l’administrateur technique : une sauvegarde doit être restaurée.").Because(err)
	}
	return err
}

func explainPostgres(err *pgconn.PgError) error {
	switch err.Code {
	case "23505":
		return fmt.Errorf("%w: %w", ErrTwice, err)
	case "23503":
		return fmt.Errorf("%w: %w", ErrOrphan, err)
	case "53100":
		return fault.New(fault.Unavailable, "Le disque du serveur est plein. Rien n’a été enregistré ; prévenez l’administrateur technique.").Because(err)
	case "25006", "57P01", "57P02", "57P03", "53300":
		return fault.New(fault.Unavailable, "La base de données ne répond pas. Rien n’a été enregistré ; réessayez dans un moment.").Because(err)
	}
	return err
}

// serialization reports whether PostgreSQL asks to run the transaction again (40001, 40P01).
func serialization(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}
