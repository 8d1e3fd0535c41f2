// Serves the same paths by the routes of three frameworks, each at an address of its own, and by HTTP/2 where it can.
package main

import (
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/mux"
)

func answer(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintln(w, "answer")
}

func standard() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /items/{id}", answer)
	routes.HandleFunc("/files/{path...}", answer)
	inner := http.NewServeMux()
	inner.HandleFunc("/deep/{x}/end", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(201) })
	routes.Handle("/deep/", inner)
	silent := func(w http.ResponseWriter, r *http.Request) {}
	routes.HandleFunc("/silent/{x}", silent)
	routes.HandleFunc("/"+strings.Repeat("x", 300)+"/{id}", answer)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// as those who pass something on do: the request that is routed is another one
		routes.ServeHTTP(w, r.WithContext(r.Context()))
	})
}

func gorilla() http.Handler {
	routes := mux.NewRouter()
	routes.HandleFunc("/items/{id:[0-9]+}", answer).Methods("GET")
	routes.PathPrefix("/api").Subrouter().HandleFunc("/things/{name}", answer)
	return routes
}

func ginGonic() http.Handler {
	gin.SetMode(gin.ReleaseMode)
	routes := gin.New()
	routes.GET("/items/:id", func(c *gin.Context) { c.String(200, "answer") })
	routes.Group("/api").GET("/files/*path", func(c *gin.Context) { c.Status(204) })
	return routes
}

func main() {
	for _, handler := range []http.Handler{standard(), gorilla(), ginGonic()} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		fmt.Println("listens", listener.Addr())
		protocols := &http.Protocols{}
		protocols.SetHTTP1(true)
		protocols.SetUnencryptedHTTP2(true)
		go (&http.Server{Handler: handler, Protocols: protocols}).Serve(listener)
	}
	select {}
}
