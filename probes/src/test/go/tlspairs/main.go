// Talks TLS to itself: CONNECTIONS at once, on each of which the client asks ROUNDS times and the server answers.
// Waits for a line on its input before it connects, and for another before it asks. Prints the client's port of each.
//
// usage: tlspairs CONNECTIONS ROUNDS [PREAMBLE], a line that clients send before TLS, as proxies do
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

// preambled takes a line off what is received, and whatever came along with it into its own buffer.
type preambled struct {
	net.Conn
	reader *bufio.Reader
	taken  bool
}

func (c *preambled) Read(b []byte) (int, error) {
	if !c.taken {
		c.taken = true
		if _, err := c.reader.ReadString('\n'); err != nil {
			return 0, err
		}
	}
	return c.reader.Read(b)
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
	preamble := strings.Join(os.Args[3:], " ")
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	check(err)
	config := &tls.Config{Certificates: []tls.Certificate{certificate()}}
	go func() {
		for {
			conn, err := listener.Accept()
			check(err)
			if preamble != "" {
				conn = &preambled{Conn: conn, reader: bufio.NewReader(conn)}
			}
			go serve(tls.Server(conn, config))
		}
	}()

	input := bufio.NewReader(os.Stdin)
	input.ReadString('\n')
	conns := make([]*tls.Conn, connections)
	each(connections, func(i int) {
		conn, err := net.Dial("tcp4", listener.Addr().String())
		check(err)
		if preamble != "" {
			_, err = io.WriteString(conn, preamble+"\n")
			check(err)
		}
		conns[i] = tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
		check(conns[i].Handshake())
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
