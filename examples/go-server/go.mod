module sonde.example/go-server

go 1.19
