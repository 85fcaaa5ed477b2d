// Package ui holds the components that every page is made of: the shell around it, the
// blocks inside it, the form fields, and the style sheet and the little script that go with
// them. Components are HTML first: everything works without the script.
//
// A page is written from the outside in:
//
//	@ui.Shell(page) {
//		@ui.Head(ui.Heading{Title: name}) {
//			@ui.ButtonLink(ui.Secondary, text.T(ctx, "Modifier"), edit)
//		}
//		@ui.Section("antennes", text.T(ctx, "Antennes")) {
//			…
//		}
//	}
//
// The words of the trade come from the caller; the generic words of an interface (Rechercher,
// Menu, Erreur) are the components' own, in the reader's language. Gallery shows them all.
package ui
