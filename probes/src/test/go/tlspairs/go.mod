module tlspairs

go 1.19
