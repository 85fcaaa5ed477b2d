package fault

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"cadre/kit/text"
)

// causes are what the operating system answers most often, in words.
var causes = map[syscall.Errno]string{
	syscall.ENOENT:        text.Key("Fichier ou dossier introuvable"),
	syscall.EEXIST:        text.Key("Le nom est déjà pris"),
	syscall.ENOTDIR:       text.Key("Un fichier tient la place d’un dossier"),
	syscall.EISDIR:        text.Key("Un dossier tient la place d’un fichier"),
	syscall.EACCES:        text.Key("Permission refusée"),
	syscall.EPERM:         text.Key("Permission refusée"),
	syscall.EROFS:         text.Key("Le disque est en lecture seule"),
	syscall.ENOSPC:        text.Key("Le disque est plein"),
	syscall.EDQUOT:        text.Key("Le disque est plein"),
	syscall.EIO:           text.Key("Le disque ne répond pas"),
	syscall.EMFILE:        text.Key("Trop de fichiers sont ouverts"),
	syscall.EADDRINUSE:    text.Key("Un autre programme se sert de cette adresse"),
	syscall.EADDRNOTAVAIL: text.Key("Cette machine n’a pas cette adresse"),
	syscall.ECONNREFUSED:  text.Key("La connexion est refusée"),
	syscall.ETIMEDOUT:     text.Key("Aucune réponse n’est venue à temps"),
}

// cause words on one line why the machine refused: in the reader's language what the operating
// system says most often, and the file concerned; the rest in the words of whoever said it.
func cause(err error, l text.Lang) string {
	var number syscall.Errno
	_ = errors.As(err, &number)
	key, common := causes[number]
	if !common {
		return strings.Join(strings.Fields(err.Error()), " ")
	}
	words := text.M(key).In(l)
	var at *fs.PathError
	if errors.As(err, &at) {
		words = fmt.Sprintf("%s (%s)", words, at.Path)
	}
	return words + "."
}
