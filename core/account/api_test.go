package account

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"cadre/core/access"
	"cadre/kit/fault"
)

// call asks the API with a token and reads the answer.
func (s *served) call(token, method, path, ifMatch, body string) (int, map[string]any) {
	s.t.Helper()
	r, err := http.NewRequest(method, s.URL+"/api/v1"+path, strings.NewReader(body))
	s.must(err)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	if ifMatch != "" {
		r.Header.Set("If-Match", ifMatch)
	}
	resp, err := http.DefaultClient.Do(r)
	s.must(err)
	defer resp.Body.Close() //nolint:errcheck // read to its end
	out := map[string]any{}
	data, err := io.ReadAll(resp.Body)
	s.must(err)
	if len(data) > 0 {
		if err := json.Unmarshal(data, &out); err != nil {
			s.t.Fatalf("%s %s: %s", method, path, data)
		}
	}
	return resp.StatusCode, out
}

// token makes a token of the scope for the persona.
func (h *house) token(key string, scope access.Scope) string {
	h.t.Helper()
	secret, err := h.IssueToken(ctx, h.by[key].Email, []access.Scope{scope}, h.clock.Now().Add(30*day))
	h.must(err)
	return secret
}

func TestAPI(t *testing.T) {
	eachServed(t, func(t *testing.T, s *served) {
		admin, read, write := s.token("focal", access.ScopeAdmin), s.token("focal", access.ScopeRead), s.token("focal", access.ScopeWrite)
		member := "/people/" + s.by["member"].ID
		body := `{"name":"Agent, CNAD","email":"agent@exemple.test","functions":["member"],"clearance":"green","language":"fr","mandate":"must_refer"}`
		for _, row := range []struct {
			token, method, path, ifMatch, body string
			status                             int
			field                              string
			want                               any
		}{
			{read, "GET", "/me", "", "", 200, "name", "Persona focal"},
			{"cadre_faux", "GET", "/me", "", "", 401, "status", 401.0},
			{read, "GET", "/people?limit=2", "", "", 200, "total", 4.0},
			{read, "GET", "/people?structure=" + cndh, "", "", 404, "status", 404.0},
			{read, "POST", "/people", "", body, 403, "status", 403.0},
			{write, "POST", "/people", "", body, 404, "status", 404.0},
			{admin, "POST", "/people", "", body, 201, "name", "Agent, CNAD"},
			{admin, "POST", "/people", "", body, 422, "status", 422.0},
			{admin, "PATCH", member, "", `{"phone":"+228 90"}`, 422, "status", 422.0},
			{admin, "PATCH", member, `"1"`, `{"phone":"+228 90"}`, 200, "phone", "+228 90"},
			{admin, "PATCH", member, `"1"`, `{"phone":"+228 91"}`, 409, "status", 409.0},
			{write, "PATCH", member, `"2"`, `{"phone":"+228 91"}`, 403, "status", 403.0},
			{admin, "PATCH", member, `"2"`, `{"clearance":"restricted"}`, 422, "status", 422.0},
			{admin, "POST", member + "/functions", "", `{"function":"head"}`, 422, "status", 422.0},
			{admin, "POST", member + "/functions", "", `{"function":"field"}`, 200, "version", 3.0},
			{admin, "DELETE", member + "/functions/field", "", "", 200, "version", 4.0},
			{admin, "GET", "/people/" + s.by["stranger"].ID, "", "", 404, "status", 404.0},
			{admin, "GET", "/people/1", "", "", 404, "status", 404.0},
			{admin, "PATCH", "/me", `"1"`, `{"email":"vole@exemple.test"}`, 422, "status", 422.0},
			{admin, "PATCH", "/me", `"1"`, `{"language":"en"}`, 200, "language", "en"},
			{write, "PATCH", "/me", `"2"`, `{"language":"fr"}`, 403, "status", 403.0},
			{admin, "PUT", "/me/absence", "", `{"from":"2026-11-24T00:00:00Z","to":"2026-11-26T00:00:00Z"}`, 200, "version", 3.0},
			{admin, "PUT", "/me/absence", "", `{}`, 200, "version", 4.0},
			{admin, "POST", member + "/disabling", "", "", 204, "", nil},
			{admin, "POST", member + "/disabling", "", "", 409, "status", 409.0},
			{admin, "POST", member + "/enabling", "", "", 204, "", nil},
			{admin, "POST", "/people/" + s.by["focal"].ID + "/handovers", "", `{"function":"focal","successor":"` + s.by["deputy"].ID + `"}`, 200, "function", "focal"},
			{admin, "GET", "/people/" + s.by["focal"].ID + "/handovers", "", "", 200, "", nil},
			{s.token("secretariat", access.ScopeAdmin), "POST", "/people/" + s.by["stranger"].ID + "/erasure", "", `{"reason":"demande"}`, 204, "", nil},
			{admin, "GET", "/me/tokens", "", "", 200, "", nil},
			{admin, "GET", "/me/sessions", "", "", 200, "", nil},
			{admin, "POST", member + "/disabling", "", "", 404, "status", 404.0},
		} {
			status, got := s.call(row.token, row.method, row.path, row.ifMatch, row.body)
			if status != row.status || row.field != "" && got[row.field] != row.want {
				t.Errorf("%s %s %s: %d %v, want %d %s=%v", row.method, row.path, row.body, status, got, row.status, row.field, row.want)
			}
		}
		s.sound()
	})
}

func TestTokenEnds(t *testing.T) {
	eachServed(t, func(t *testing.T, s *served) {
		late, revoked := s.token("member", access.ScopeAdmin), s.token("member", access.ScopeAdmin)
		all, err := s.Tokens(ctx, s.as("member"))
		s.must(err)
		status, out := s.call(revoked, "GET", "/me/tokens", "", "")
		if status != 200 || len(out["items"].([]any)) != 2 {
			t.Fatalf("%d %v", status, out)
		}
		for _, token := range all {
			current := map[string]string{}
			for _, i := range out["items"].([]any) {
				item := i.(map[string]any)
				current[item["id"].(string)] = fmt.Sprint(item["current"])
			}
			if current[token.ID] == "true" {
				status, _ = s.call(revoked, "DELETE", "/me/tokens/"+token.ID, "", "")
			}
		}
		if status != 204 {
			t.Errorf("revoking: %d", status)
		}
		if status, _ := s.call(revoked, "GET", "/me", "", ""); status != 401 {
			t.Errorf("a revoked token: %d", status)
		}
		if status, _ := s.call(late, "GET", "/me", "", ""); status != 200 {
			t.Errorf("a valid token: %d", status)
		}
		s.clock.Advance(30 * day)
		if status, _ := s.call(late, "GET", "/me", "", ""); status != 401 {
			t.Errorf("a token past its end: %d", status)
		}
		_, err = s.IssueToken(ctx, "member@exemple.test", []access.Scope{access.ScopeRead}, s.clock.Now().Add(400*day))
		wants(t, err, fault.BadInput)
	})
}
