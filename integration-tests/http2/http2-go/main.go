// HTTP/2 by Go: a server and a client.
//
// usage: http2-go server HOST:PORT      net/http's own HTTP/2, beside HTTP/1, without TLS
//
//	http2-go upgrading HOST:PORT   that of golang.org/x/net, which can be upgraded to from HTTP/1
//	http2-go client                reads lines "COUNT URL...", asks each so many times, all at once on one connection
//
// Answers what examples/go-server does, but for /call; both print a line "access METHOD PATH STATUS BYTES" for each answer.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/h2c"
)

// counted remembers what was answered, for the access line.
type counted struct {
	http.ResponseWriter
	status int
	bytes  int
}

func (c *counted) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *counted) Write(body []byte) (int, error) {
	n, err := c.ResponseWriter.Write(body)
	c.bytes += n
	return n, err
}

func number(request *http.Request, name string) int {
	n, _ := strconv.Atoi(request.URL.Query().Get(name))
	return n
}

func answer(response *counted, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return // the client has gone
	}
	route, argument, _ := strings.Cut(request.URL.Path[1:], "/")
	status, answered := http.StatusOK, []byte("hello from go\n")
	switch route {
	case "echo":
		answered = body
	case "bytes":
		answered = bytes.Repeat([]byte("x"), number(request, "n"))
	case "delay":
		time.Sleep(time.Duration(number(request, "ms")) * time.Millisecond)
	case "status":
		status, _ = strconv.Atoi(argument)
		answered = nil
	case "chunked": // as many DATA frames, then trailers
		response.Header().Set("Trailer", "X-Sum")
		response.WriteHeader(status)
		for range number(request, "n") {
			io.WriteString(response, "0123456789")
			response.ResponseWriter.(http.Flusher).Flush()
		}
		response.Header().Set("X-Sum", "known")
		return
	}
	response.WriteHeader(status)
	if request.Method != http.MethodHead {
		response.Write(answered)
	}
}

func handle(writer http.ResponseWriter, request *http.Request) {
	response := &counted{ResponseWriter: writer}
	answer(response, request)
	fmt.Printf("access %s %s %d %d\n", request.Method, request.URL.Path, response.status, response.bytes)
}

func serve(address string, server *http.Server) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", address)
	log.Fatal(server.Serve(listener))
}

func ask(client *http.Client, url string) {
	answer, err := client.Get(url)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	size, err := io.Copy(io.Discard, answer.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("access GET %s %d %d\n", answer.Request.URL.Path, answer.StatusCode, size)
}

func askAsTold() {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	protocols.SetHTTP2(true)
	trust := &tls.Config{InsecureSkipVerify: true}
	client := &http.Client{Transport: &http.Transport{Protocols: protocols, TLSClientConfig: trust, ForceAttemptHTTP2: true}}
	fmt.Println("ready")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		words := strings.Fields(lines.Text())
		times, _ := strconv.Atoi(words[0])
		var all sync.WaitGroup
		for range times {
			for _, url := range words[1:] {
				all.Go(func() { ask(client, url) })
			}
		}
		all.Wait()
		fmt.Println("done", lines.Text())
	}
}

func main() {
	handler := http.HandlerFunc(handle)
	switch {
	case len(os.Args) == 2 && os.Args[1] == "client":
		askAsTold()
	case len(os.Args) == 3 && os.Args[1] == "server":
		protocols := new(http.Protocols)
		protocols.SetHTTP1(true)
		protocols.SetUnencryptedHTTP2(true)
		serve(os.Args[2], &http.Server{Handler: handler, Protocols: protocols})
	case len(os.Args) == 3 && os.Args[1] == "upgrading":
		serve(os.Args[2], &http.Server{Handler: h2c.NewHandler(handler, &http2.Server{})})
	default:
		log.Fatal("usage: http2-go client, or http2-go server|upgrading HOST:PORT")
	}
}
