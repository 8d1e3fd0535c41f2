module sonde.example/servemux

go 1.25.0
