// Routes of net/http as they are since Go 1.22. usage: servemux HOST:PORT
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	routes := http.NewServeMux()
	for _, pattern := range []string{
		"GET /{$}",
		"GET /api/users/{id}",
		"DELETE /api/users/{id}",
		"/api/users/{id}/orders/{order}",
		"/files/{path...}",
		"/static/",
	} {
		routes.HandleFunc(pattern, func(writer http.ResponseWriter, request *http.Request) {
			fmt.Fprintln(writer, request.Pattern)
		})
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	fmt.Println("listening on", os.Args[1])
	server := http.Server{Addr: os.Args[1], Handler: routes, Protocols: protocols}
	log.Fatal(server.ListenAndServe())
}
