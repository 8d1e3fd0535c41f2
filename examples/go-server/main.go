// A web server with nothing but Go's standard library, to be observed by Sonde.
//
// usage: go-server [--tls CERTIFICATE KEY] HOST:PORT
package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
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

func number(request *http.Request, name string, fallback int) int {
	n, err := strconv.Atoi(request.URL.Query().Get(name))
	if err != nil {
		return fallback
	}
	return n
}

// send answers with a body of known length.
func send(response *counted, request *http.Request, status int, body []byte) {
	if status == http.StatusNoContent || status == http.StatusNotModified {
		response.WriteHeader(status)
		return
	}
	response.Header().Set("Content-Length", strconv.Itoa(len(body)))
	response.WriteHeader(status)
	if request.Method != http.MethodHead {
		response.Write(body)
	}
}

// sendChunked flushes each piece, so that each is a chunk and a write of its own.
func sendChunked(response *counted, request *http.Request, chunks int) {
	response.WriteHeader(http.StatusOK)
	flusher := response.ResponseWriter.(http.Flusher)
	flusher.Flush()
	if request.Method == http.MethodHead {
		return
	}
	for i := 0; i < chunks; i++ {
		io.WriteString(response, "0123456789")
		flusher.Flush()
	}
}

// call asks another server and hands on the status of its last answer.
func call(response *counted, request *http.Request, url string, times int) {
	client := http.Client{Timeout: 10 * time.Second}
	var status int
	for i := 0; i < times; i++ {
		answer, err := client.Get(url)
		if err != nil {
			send(response, request, http.StatusBadGateway, []byte(err.Error()+"\n"))
			return
		}
		io.Copy(io.Discard, answer.Body) // read to the end, or the connection is not used again
		answer.Body.Close()
		status = answer.StatusCode
	}
	send(response, request, http.StatusOK, []byte(fmt.Sprintf("%s answered %d\n", url, status)))
}

func answer(response *counted, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		send(response, request, http.StatusBadRequest, []byte(err.Error()+"\n"))
		return
	}
	parts := strings.SplitN(request.URL.Path[1:], "/", 2)
	switch parts[0] {
	case "":
		send(response, request, http.StatusOK, []byte("hello from go\n"))
		return
	case "echo":
		send(response, request, http.StatusOK, body)
		return
	case "delay":
		time.Sleep(time.Duration(number(request, "ms", 100)) * time.Millisecond)
		send(response, request, http.StatusOK, []byte("waited\n"))
		return
	case "status":
		if status, err := strconv.Atoi(parts[len(parts)-1]); err == nil && status >= 200 && status <= 599 {
			send(response, request, status, []byte(fmt.Sprintf("status %d\n", status)))
			return
		}
	case "bytes":
		send(response, request, http.StatusOK, bytes.Repeat([]byte("x"), number(request, "n", 1024)))
		return
	case "chunked":
		sendChunked(response, request, number(request, "n", 10))
		return
	case "call":
		call(response, request, request.URL.Query().Get("url"), number(request, "times", 1))
		return
	}
	send(response, request, http.StatusNotFound, []byte("not found\n"))
}

func main() {
	secure := len(os.Args) == 5 && os.Args[1] == "--tls"
	if len(os.Args) != 2 && !secure {
		log.Fatal("usage: go-server [--tls CERTIFICATE KEY] HOST:PORT")
	}
	listener, err := net.Listen("tcp", os.Args[len(os.Args)-1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", listener.Addr())
	handler := http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		response := &counted{ResponseWriter: writer}
		answer(response, request)
		fmt.Printf("access %s %s %d %d\n", request.Method, request.URL.Path, response.status, response.bytes)
	})
	if secure {
		log.Fatal(http.ServeTLS(listener, handler, os.Args[2], os.Args[3]))
	}
	log.Fatal(http.Serve(listener, handler))
}
