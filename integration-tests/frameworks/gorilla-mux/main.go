// A shop made with gorilla/mux. usage: gorilla-mux HOST:PORT
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/gorilla/mux"
)

// counted remembers what was answered.
type counted struct {
	http.ResponseWriter
	head   bool // whose answer has no body, whatever is written
	status int
	bytes  int
}

func (c *counted) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *counted) Write(data []byte) (int, error) {
	n, err := c.ResponseWriter.Write(data)
	if !c.head {
		c.bytes += n
	}
	return n, err
}

func main() {
	router := mux.NewRouter().UseEncodedPath()
	router.HandleFunc("/", text("hello from gorilla\n")).Methods(http.MethodGet)
	router.HandleFunc("/healthz", text("well\n")).Methods(http.MethodGet)
	router.HandleFunc("/api/users", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusCreated)
		io.Copy(w, r.Body)
	}).Methods(http.MethodPost)
	router.HandleFunc("/api/users/{id}", variable("id")).Methods(http.MethodGet)
	router.HandleFunc("/api/users/{id}", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	}).Methods(http.MethodDelete)
	router.HandleFunc("/api/users/{id}/orders/{order}", variable("order")).Methods(http.MethodGet)
	router.HandleFunc("/products/{name}", variable("name")).Methods(http.MethodGet)
	router.HandleFunc("/files/{path:.*}", variable("path")).Methods(http.MethodGet)
	router.HandleFunc("/call", call).Methods(http.MethodGet)

	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", os.Args[1])
	log.Fatal(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &counted{ResponseWriter: w, head: r.Method == http.MethodHead, status: http.StatusOK}
		router.ServeHTTP(c, r)
		fmt.Printf("access %s %s %d %d\n", r.Method, r.URL.EscapedPath(), c.status, c.bytes)
	})))
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }
}

func variable(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, mux.Vars(r)[name]) }
}

func call(w http.ResponseWriter, r *http.Request) {
	answer, err := http.Get(r.URL.Query().Get("url"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, answer.Body)
	fmt.Fprintln(w, r.URL.Query().Get("url"), "answered", answer.StatusCode)
}
