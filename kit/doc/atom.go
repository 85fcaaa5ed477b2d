package doc

import (
	"encoding/xml"
	"time"
)

// Feed is news, the newest first.
type Feed struct {
	ID      string // an address that never changes
	Title   string
	About   string
	Author  string
	Lang    string
	Self    string // address of the feed
	Page    string // address of the page that shows the same
	Updated time.Time
	Entries []Entry
}

// Entry is one piece of news.
type Entry struct {
	ID       string // an address or urn:uuid: that never changes
	Title    string
	Summary  string
	Page     string // where it is read in full
	Author   string
	Category string
	Updated  time.Time
}

type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Updated  string      `xml:"updated"`
	Author   atomPerson  `xml:"author"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomEntry struct {
	ID       string       `xml:"id"`
	Title    string       `xml:"title"`
	Updated  string       `xml:"updated"`
	Author   atomPerson   `xml:"author"`
	Category atomCategory `xml:"category"`
	Link     atomLink     `xml:"link"`
	Summary  string       `xml:"summary"`
}

// Atom writes the feed (RFC 4287).
func (f Feed) Atom() ([]byte, error) {
	const feed, page = "application/atom+xml", "text/html"
	out := atomFeed{Lang: f.Lang, ID: f.ID, Title: f.Title, Subtitle: f.About, Updated: atomTime(f.Updated), Author: atomPerson{f.Author},
		Links: []atomLink{{"self", feed, f.Self}, {"alternate", page, f.Page}}}
	for _, e := range f.Entries {
		out.Entries = append(out.Entries, atomEntry{e.ID, e.Title, atomTime(e.Updated), atomPerson{e.Author}, atomCategory{e.Category}, atomLink{"alternate", page, e.Page}, e.Summary})
	}
	b, err := xml.MarshalIndent(out, "", " ")
	return append([]byte(xml.Header), append(b, '\n')...), err
}

func atomTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
