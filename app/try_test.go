package app_test
import ("testing")
func TestTry(t *testing.T){
 w:=open(t,"sqlite:"+t.TempDir()+"/a.db")
 r:=w.routes(t)
 t.Log(len(r))
 for _,x:=range r { for _,q:=range x.requests(names{"ID","TO","cnad","cndh","x@y.example"}) { t.Log(q.method,q.path,q.form,q.json) } }
}
