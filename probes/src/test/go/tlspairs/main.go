// Talks TLS to itself: CONNECTIONS at once, on each of which the client asks ROUNDS times and the server answers.
// Waits for a line on its input before it connects, and for another before it asks. Prints the client's port of each.
package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const last = "last"

func certificate() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	template := x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	check(err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// serve reads into its own stack, which is moved when the first read needs more of it.
func serve(conn *tls.Conn) {
	var buffer [512]byte
	for {
		n, err := conn.Read(buffer[:])
		if err == io.EOF {
			conn.Close()
			return
		}
		check(err)
		_, err = conn.Write([]byte("answer to " + string(buffer[:n])))
		check(err)
	}
}

func ask(conn *tls.Conn, question string) {
	_, err := conn.Write([]byte(question))
	check(err)
	answer := make([]byte, len("answer to ")+len(question))
	_, err = io.ReadFull(conn, answer)
	check(err)
	if string(answer) != "answer to "+question {
		panic("asked " + question + ", got " + string(answer))
	}
}

func main() {
	connections, err := strconv.Atoi(os.Args[1])
	check(err)
	rounds, err := strconv.Atoi(os.Args[2])
	check(err)
	listener, err := tls.Listen("tcp4", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate()}})
	check(err)
	go func() {
		for {
			conn, err := listener.Accept()
			check(err)
			go serve(conn.(*tls.Conn))
		}
	}()

	input := bufio.NewReader(os.Stdin)
	input.ReadString('\n')
	conns := make([]*tls.Conn, connections)
	each(connections, func(i int) {
		var err error
		conns[i], err = tls.Dial("tcp4", listener.Addr().String(), &tls.Config{InsecureSkipVerify: true})
		check(err)
	})
	var ports []string
	for _, conn := range conns {
		ports = append(ports, strconv.Itoa(conn.LocalAddr().(*net.TCPAddr).Port))
	}
	fmt.Println(strings.Join(ports, " "))

	input.ReadString('\n')
	each(connections, func(i int) {
		for round := 0; round < rounds; round++ {
			ask(conns[i], fmt.Sprintf("question %d of %d;", round, i))
		}
		check(conns[i].Close())
	})
	fmt.Println(last)
	input.ReadString('\n')
}

func each(n int, do func(i int)) {
	var group sync.WaitGroup
	for i := 0; i < n; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			do(i)
		}(i)
	}
	group.Wait()
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
