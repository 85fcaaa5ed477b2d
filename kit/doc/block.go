package doc

// Heading begins a part. Level is 1, 2 or 3; a part of level 1 begins a sheet.
type Heading struct {
	Level  int
	Words  string
	Short  string // in the contents and the bookmarks; empty for Words
	Kicker string // above it, in small
	Fresh  bool   // begins a sheet, whatever its level
}

func (h Heading) words() string {
	if h.Short != "" {
		return h.Short
	}
	return h.Words
}

func (h Heading) face() face {
	switch h.Level {
	case 1:
		return face{"serif", "B", 20, ink}
	case 2:
		return face{"serif", "B", 14, ink}
	}
	return face{"sans", "B", 10, ink}
}

// needed is the room that a heading wants, so that it never stands alone at the foot.
const needed = 30

func (h Heading) draw(s *sheets) {
	if (h.Level == 1 || h.Fresh) && !s.empty {
		s.newSheet()
	}
	f := h.face()
	lines := s.wrap(f, h.words(), textWidth)
	s.room(float64(len(lines))*f.lead() + needed)
	if !s.empty {
		s.y += [...]float64{0, 8, 6, 4}[h.Level]
	}
	switch h.Level {
	case 1:
		s.rule(side, s.y, textWidth, 0.9, ink)
		s.y += 3
	case 2:
		s.rule(side, s.y, textWidth, 0.5, ink)
		s.y += 3
	}
	h.place(s)
	if h.Kicker != "" {
		s.words(face{"sans", "", 8, ink2}, h.Kicker)
	}
	s.words(f, h.Words)
	s.y += [...]float64{0, 4, 2.5, 1}[h.Level]
}

// place notes where the heading stands, for the contents and the bookmarks.
func (h Heading) place(s *sheets) {
	link := s.AddLink()
	s.SetLink(link, s.y-3, s.PageNo())
	s.heads = append(s.heads, placed{h, s.PageNo(), link})
	if h.Level <= 2 {
		s.face(h.face()) // bookmarks are written in the present face's letters
		s.Bookmark(printable(h.words()), h.Level-1, s.y-3)
	}
}

// Text is a passage; \n begins a paragraph.
type Text struct {
	Words string
	Look  Look
}

// Look is how a passage is set.
type Look int

// The looks of a passage.
const (
	Plain Look = iota
	Lede       // the sentence that says it all
	Small
	Quoted // the words of a text: a decision, a recommendation
)

func (t Text) draw(s *sheets) {
	if t.Words == "" {
		return
	}
	f := face{"sans", "", 9.5, ink}
	switch t.Look {
	case Lede:
		f = face{"serif", "", 12, ink}
	case Small:
		f = face{"sans", "", 8, ink2}
	case Quoted:
		t.quote(s)
		return
	}
	s.words(f, t.Words)
	s.y += 2.5
}

func (t Text) quote(s *sheets) {
	f := face{"serif", "", 11, ink}
	s.y += 1
	for _, l := range s.wrap(f, t.Words, textWidth-7) {
		s.room(f.lead())
		s.box(side, s.y, 1, f.lead(), green)
		s.line(f, l, side+6, s.y, textWidth-6, "L")
		s.y, s.empty = s.y+f.lead(), false
	}
	s.y += 3
}

// Facts is a list of labels and what they say. A note without a value is left out.
type Facts []Note

// labelWidth is the column of the labels.
const labelWidth = 42.0

func (all Facts) draw(s *sheets) {
	label, value := face{"sans", "B", 8.5, ink2}, face{"sans", "", 9.5, ink}
	for _, n := range all {
		if n.Value == "" {
			continue
		}
		names, lines := s.wrap(label, n.Label, labelWidth-3), s.wrap(value, n.Value, textWidth-labelWidth)
		s.room(min(float64(len(lines)), 4) * value.lead())
		for i := range max(len(names), len(lines)) {
			s.room(value.lead())
			if i < len(names) {
				s.line(label, names[i], side, s.y+0.2, labelWidth, "L")
			}
			if i < len(lines) {
				s.linked(value, lines[i], n.Value, side+labelWidth)
			}
			s.y, s.empty = s.y+value.lead(), false
		}
		s.y += 0.9
	}
	s.y += 2
}

// linked writes a line of a value, and makes it lead there when the value is an address.
func (s *sheets) linked(f face, line, value string, x float64) {
	s.line(f, line, x, s.y, textWidth, "L")
	if to := webAddress(value); to != "" {
		s.LinkString(x, s.y, s.GetStringWidth(line), f.lead(), to)
	}
}
