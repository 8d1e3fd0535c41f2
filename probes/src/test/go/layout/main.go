// Prints where a program's debugging information says that fields of structures are: layout FILE STRUCT.FIELD...
package main

import (
	"debug/dwarf"
	"debug/elf"
	"fmt"
	"os"
	"strings"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	wanted := map[string]map[string]bool{}
	for _, name := range os.Args[2:] {
		dot := strings.LastIndex(name, ".")
		if wanted[name[:dot]] == nil {
			wanted[name[:dot]] = map[string]bool{}
		}
		wanted[name[:dot]][name[dot+1:]] = true
	}
	file, err := elf.Open(os.Args[1])
	check(err)
	data, err := file.DWARF()
	check(err)
	reader := data.Reader()
	for {
		entry, err := reader.Next()
		check(err)
		if entry == nil {
			return
		}
		if entry.Tag == dwarf.TagSubprogram {
			reader.SkipChildren()
		}
		name, _ := entry.Val(dwarf.AttrName).(string)
		if entry.Tag != dwarf.TagStructType || wanted[name] == nil {
			continue
		}
		found, err := data.Type(entry.Offset)
		check(err)
		for _, field := range found.(*dwarf.StructType).Field {
			if wanted[name][field.Name] {
				fmt.Println(name+"."+field.Name, field.ByteOffset)
			}
		}
	}
}
