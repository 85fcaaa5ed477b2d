package text

// Dialled is what a telephone dials of a number as people write it: the plus sign and the digits.
func Dialled(phone string) string {
	kept := make([]rune, 0, len(phone))
	for _, r := range phone {
		if r >= '0' && r <= '9' || r == '+' && len(kept) == 0 {
			kept = append(kept, r)
		}
	}
	return string(kept)
}
