// Serves paths below, each of which calls the server at the address given in its own way; says on standard output which
// goroutine serves, and which one calls.
package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"sync"
)

// As a stack trace names the running goroutine.
func goid() string {
	stack := make([]byte, 64)
	return string(bytes.Fields(stack[:runtime.Stack(stack, false)])[1])
}

func call(to, who string) {
	fmt.Println("calls", who, goid())
	answer, err := http.Get("http://" + to + "/" + who)
	if err != nil {
		fmt.Println("failed", err)
		return
	}
	io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
}

func main() {
	to := os.Args[1]
	mux := http.NewServeMux()
	mux.HandleFunc("/same/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Println("serves same", goid())
		call(to, "same")
	})
	mux.HandleFunc("/others/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Println("serves others", goid())
		var all sync.WaitGroup
		for i := 0; i < 5; i++ {
			all.Add(1)
			go func() {
				defer all.Done()
				done := make(chan bool)
				go func() {
					call(to, "others")
					close(done)
				}()
				<-done
			}()
		}
		all.Wait()
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println("listens", listener.Addr())
	panic(http.Serve(listener, mux))
}
