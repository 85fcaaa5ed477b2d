package doc

import (
	"net/url"
	"time"

	"cadre/kit/text"
)

// Card is the card of somebody who can be called or written to.
type Card struct {
	UID        string // stays the same from one file to the next: an urn:uuid:
	Name       string
	Title      string // what they do there
	Org        string
	Email      string
	Phone      string
	URL        string
	Note       string
	Categories []string
	Changed    time.Time
}

// VCards writes the cards in one file (vCard 4.0, RFC 6350).
func VCards(cards []Card) []byte {
	var out lines
	for _, c := range cards {
		out.put("BEGIN", "VCARD")
		out.put("VERSION", "4.0")
		out.put("KIND", "individual")
		out.put("UID", c.UID)
		out.simple("FN", c.Name)
		out.parts("N", ";", c.Name, "", "", "", "")
		if c.Org != "" {
			out.parts("ORG", ";", c.Org)
		}
		out.simple("TITLE", c.Title)
		out.simple("EMAIL;TYPE=work", c.Email)
		if c.Phone != "" {
			out.put("TEL;TYPE=work;VALUE=uri", "tel:"+url.PathEscape(text.Dialled(c.Phone)))
		}
		if c.URL != "" {
			out.put("URL", c.URL)
		}
		out.simple("NOTE", c.Note)
		if len(c.Categories) > 0 {
			out.parts("CATEGORIES", ",", c.Categories...)
		}
		out.put("REV", c.Changed.UTC().Format("20060102T150405Z"))
		out.put("END", "VCARD")
	}
	return out.Bytes()
}
