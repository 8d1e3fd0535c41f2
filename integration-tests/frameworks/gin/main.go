// A shop made with gin. usage: gin HOST:PORT
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
)

func main() {
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.Use(func(c *gin.Context) {
		c.Next()
		c.Writer.WriteHeaderNow()
		fmt.Printf("access %s %s %d %d\n", c.Request.Method, c.Request.URL.EscapedPath(), c.Writer.Status(), max(c.Writer.Size(), 0))
	})
	router.GET("/", func(c *gin.Context) { c.String(http.StatusOK, "hello from gin\n") })
	router.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "well\n") })
	router.POST("/api/users", func(c *gin.Context) {
		body, _ := io.ReadAll(c.Request.Body)
		c.Data(http.StatusCreated, "text/plain", body)
	})
	router.GET("/api/users/:id", func(c *gin.Context) { c.String(http.StatusOK, "user %s\n", c.Param("id")) })
	router.DELETE("/api/users/:id", func(c *gin.Context) { c.Status(http.StatusNoContent) })
	router.GET("/api/users/:id/orders/:order", func(c *gin.Context) {
		c.String(http.StatusOK, "order %s\n", c.Param("order"))
	})
	router.GET("/products/:name", func(c *gin.Context) { c.String(http.StatusOK, "%s\n", c.Param("name")) })
	router.GET("/files/*path", func(c *gin.Context) { c.String(http.StatusOK, "%s\n", c.Param("path")) })
	router.GET("/call", call)

	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", os.Args[1])
	log.Fatal(http.Serve(listener, router))
}

func call(c *gin.Context) {
	request, err := http.NewRequestWithContext(c, http.MethodGet, c.Query("url"), nil)
	if err != nil {
		c.String(http.StatusBadRequest, "%v\n", err)
		return
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		c.String(http.StatusBadGateway, "%v\n", err)
		return
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, answer.Body)
	c.String(http.StatusOK, "%s answered %d\n", c.Query("url"), answer.StatusCode)
}
