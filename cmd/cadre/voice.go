package main

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"cadre/kit/fault"
	"cadre/kit/text"

	"github.com/alecthomas/kong"
)

// voice speaks to whoever runs the program, in the language of their locale.
type voice struct{ text.Lang }

func (v voice) in(m text.Message) string { return m.In(v.Lang) }

// say words an error: what the command line got wrong, or what the program could not do.
func (v voice) say(err error) string {
	var misread *kong.ParseError
	if errors.As(err, &misread) {
		return v.in(misreading(v.framed(misread.Error()))) + " " + v.in(text.M("« cadre --help » dit ce qui est possible."))
	}
	return fault.Say(err, v.Lang)
}

// misreadings are the words of the library that reads the command line, and ours.
var misreadings = []struct{ theirs, ours string }{
	{"unknown flag ", text.Key("Option inconnue : %s.")},
	{"unexpected argument ", text.Key("Argument inattendu : %s.")},
	{"missing flags: ", text.Key("Il manque : %s.")},
	{"expected one of ", text.Key("Il manque la commande : %s.")},
	{"expected ", text.Key("Il manque : %s.")},
	{"", text.Key("Réglage incompris : %s.")},
}

func misreading(said string) text.Message {
	said, perhaps, _ := strings.Cut(said, ", did you mean ")
	for _, m := range misreadings {
		what, ok := strings.CutPrefix(said, m.theirs)
		switch {
		case ok && perhaps != "":
			return text.M("%s Vouliez-vous dire %s", text.M(m.ours, what), perhaps)
		case ok:
			return text.M(m.ours, what)
		}
	}
	return text.Message{}
}

// frame are the words around the help of a command, and around a value that it cannot take.
var frame = []struct{ theirs, ours string }{
	{"Usage:", text.Key("Usage :")},
	{"Arguments:", text.Key("Arguments :")},
	{"Flags:", text.Key("Options :")},
	{"Commands:", text.Key("Commandes :")},
	{"[flags]", text.Key("[options]")},
	{"=STRING", text.Key("=VALEUR")},
	{`Run "cadre <command> --help" for more information on a command.`, text.Key("« cadre COMMANDE --help » explique une commande.")},
	{"expected a valid 64 bit int but got", text.Key("un nombre est attendu, et non")},
	{"bool value must be true, 1, yes, false, 0 or no but got", text.Key("écrivez true ou false, et non")},
	{"from envar", text.Key("par la variable")},
	{"<command>", text.Key("<commande>")},
	{"<file>", text.Key("<fichier>")},
}

func (v voice) framed(words string) string {
	for _, f := range frame {
		words = strings.ReplaceAll(words, f.theirs, v.in(text.M(f.ours)))
	}
	return words
}

// help prints the help of a command.
func (v voice) help(o kong.HelpOptions, ctx *kong.Context) error {
	var page bytes.Buffer
	out := ctx.Stdout
	ctx.Stdout = &page
	err := kong.DefaultHelpPrinter(o, ctx)
	ctx.Stdout = out
	_, failed := io.WriteString(out, v.framed(page.String()))
	return errors.Join(err, failed)
}

// translate puts the help of every command and flag into the language of the locale.
func (v voice) translate(program *kong.Application) error {
	program.HelpFlag.Help = text.Key("Expliquer la commande.")
	return kong.Visit(program, func(n kong.Visitable, next kong.Next) error {
		switch n := n.(type) {
		case *kong.Application:
			n.Help = v.in(text.M(n.Help))
		case *kong.Node:
			n.Help = v.in(text.M(n.Help))
		case *kong.Flag:
			n.Help = v.in(text.M(n.Help))
		case *kong.Value:
			n.Help = v.in(text.M(n.Help))
		}
		return next(nil)
	})
}
