package sheet_test

import (
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"cadre/kit/sheet"
)

func TestDate(t *testing.T) {
	for typed, want := range map[string]string{
		"12/03/2026": "2026-03-12", "2/3/2026": "2026-03-02", "2026-03-12": "2026-03-12", "12.03.2026": "2026-03-12", "12-03-2026": "2026-03-12",
		"3 mars 2026": "2026-03-03", "1er mars 2026": "2026-03-01", "Jeudi 12 mars 2026": "2026-03-12", " 15 AOÛT 2026 ": "2026-08-15", "12 sept. 2026": "2026-09-12",
		"03/2026": "2026-03", "3/2026": "2026-03", "2026-03": "2026-03", "mars 2026": "2026-03", "Déc. 2026": "2026-12", "2026": "2026", "2026-03-12 09:30:00": "2026-03-12",
		"3 March 2026": "2026-03-03", "29/02/2024": "2024-02-29",
		"31/02/2026": "", "29/02/2026": "", "13/2026": "", "2026-13": "", "12/03/26": "", "0/1/2026": "", "1776": "", "2301": "", "": "", "bientôt": "", "ma 2026": "",
		"marsouin 2026": "", "12 mars": "", "T1 2026": "", "46093": "", "1/2/3/2026": "",
	} {
		if got, ok := sheet.Date(typed); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v; want %q", typed, got, ok, want)
		}
	}
}

func TestWhole(t *testing.T) {
	for typed, want := range map[string]string{
		"12": "12", "12 500": "12500", "12\u202f500": "12500", "1\u00a0250\u00a0000": "1250000", "12'500": "12500", "1.250.000": "1250000", "1,250,000": "1250000", "2,500,000.00": "2500000", "12.500,0": "12500", "-12,500.00": "-12500",
		"12,00": "12", "12.0": "12", "-3": "-3", "0": "0", "007": "7",
		"12,5": "", "12,500": "", "12.500": "", "": "", "douze": "", "1e5": "", "1,2,3": "", "99999999999999999999": "", "--1": "", "1.250,000": "",
	} {
		got, ok := sheet.Whole(typed)
		if ok != (want != "") || ok && strconv.FormatInt(got, 10) != want {
			t.Errorf("%q: %d, %v; want %q", typed, got, ok, want)
		}
	}
}

func TestMoment(t *testing.T) {
	for typed, want := range map[string]string{
		"T2 2026": "2026-T2", "2026-T2": "2026-T2", "q3 2026": "2026-T3", "T4/2026": "2026-T4", "2e trimestre 2026": "2026-T2", "1er Trimestre 2026": "2026-T1", "3 trim. 2026": "2026-T3",
		"mai 2026": "2026-05", "18/05/2026": "2026-05-18", "2026": "", "T5 2026": "", "T2": "", "T2 1700": "", "": "",
	} {
		if got, ok := sheet.Moment(typed); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v; want %q", typed, got, ok, want)
		}
	}
}

func TestMoney(t *testing.T) {
	for typed, want := range map[string]int64{
		"1 250 000 F CFA": 1250000, "1250000": 1250000, "12 500\u00a0FCFA": 12500, "500 F": 500, "3\u202f000 XOF": 3000, "200 francs": 200, "1.250.000 F.CFA": 1250000,
		"F CFA": -1, "12,5 F": -1, "beaucoup": -1, "": -1,
	} {
		if got, ok := sheet.Money(typed); ok != (want >= 0) || ok && got != want {
			t.Errorf("%q: %d, %v; want %d", typed, got, ok, want)
		}
	}
}

func FuzzMoment(f *testing.F) {
	f.Add("2e trimestre 2026")
	f.Fuzz(func(t *testing.T, typed string) {
		got, ok := sheet.Moment(typed)
		if again, fine := sheet.Moment(got); ok && (!fine || again != got) {
			t.Errorf("%q: %q, then %q", typed, got, again)
		}
	})
}

func FuzzDate(f *testing.F) {
	f.Add("3 mars 2026")
	f.Add("31/12/2026")
	f.Fuzz(func(t *testing.T, typed string) {
		got, ok := sheet.Date(typed)
		if !ok {
			return
		}
		layout := map[int]string{4: "2006", 7: "2006-01", 10: time.DateOnly}[len(got)]
		if _, err := time.Parse(layout, got); err != nil || layout == "" {
			t.Errorf("%q: %q", typed, got)
		}
		if again, ok := sheet.Date(got); !ok || again != got {
			t.Errorf("%q: %q, then %q", typed, got, again)
		}
	})
}

func FuzzWhole(f *testing.F) {
	f.Add("12 500,00")
	f.Fuzz(func(t *testing.T, typed string) {
		n, ok := sheet.Whole(typed)
		if again, fine := sheet.Whole(strconv.FormatInt(n, 10)); ok && (!fine || again != n) {
			t.Errorf("%q: %d, then %d", typed, n, again)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"a;b\n1;2\n", "a,b\n\"x\ny\",2\n", "a\tb\n1\t2\n", "\xff\xfea\x00;\x00", "sep=,\na,b\nc,d", "PK\x03\x04"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := sheet.Read(data)
		if err != nil {
			return
		}
		last := s.HeadRow
		for _, r := range s.Rows {
			if r.N <= last || len(r.Cells) != len(s.Head) {
				t.Errorf("row %d after %d, %d cells under %d", r.N, last, len(r.Cells), len(s.Head))
			}
			last = r.N
			for _, c := range r.Cells {
				if !utf8.ValidString(c) || c != strings.TrimSpace(c) {
					t.Errorf("%q", c)
				}
			}
		}
	})
}
