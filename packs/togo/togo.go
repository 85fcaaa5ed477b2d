// Package togo is the country pack of Togo: data files only, which packs.Load
// reads and checks.
//
// Every fact on a real institution names its source in sources.csv; what no
// source says (the number of a decree, the date of a change, a supervising
// ministry) is left blank for the institution to fill in. A title between
// square brackets in sources.csv is a description, not the title itself.
//
// Codes of territories below the region, and TG-DAGL, are this pack's own, not
// ISO 3166-2. The two préfectures of the autonomous district of Grand Lomé are
// children of their region and point at the district by their grouping; their
// cantons hang on the préfecture, because the communes cut across them. The
// accents of canton names and the links between cantons and communes are
// unofficial. No source gives a territory that was renamed or abolished: the préfectures created
// in 2016 left those that they were cut from in place, so that former_territories.csv is empty.
// Public holidays come from no official text: their status says
// « à confirmer », and the three Muslim feasts carry the rule "decision"
// because their dates are decided each year.
package togo

import "embed"

// Files holds the data files at its root and the maps under geo.
//
//go:embed *.json *.csv geo
var Files embed.FS
