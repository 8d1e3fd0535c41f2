package io.sonde.probes.bpf;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.Delegate;
import jnr.ffi.types.size_t;

/**
 * Functions of libbpf.so.1 (bpf/libbpf.h, bpf/bpf.h). Public only because jnr-ffi generates a class
 * that implements it; use {@link BpfObject} and its companions.
 */
public interface LibBpf {
  /** {@code libbpf_print_fn_t}; the va_list arrives as a pointer. */
  interface PrintCallback {
    @Delegate
    int print(int level, Pointer format, Pointer arguments);
  }

  Pointer libbpf_set_print(PrintCallback callback);

  int libbpf_major_version();

  int libbpf_minor_version();

  int libbpf_num_possible_cpus();

  Pointer bpf_object__open_mem(byte[] image, @size_t long size, Pointer options);

  int bpf_object__load(Pointer object);

  void bpf_object__close(Pointer object);

  Pointer bpf_object__find_program_by_name(Pointer object, String name);

  Pointer bpf_object__next_program(Pointer object, Pointer previous);

  Pointer bpf_object__next_map(Pointer object, Pointer previous);

  int bpf_program__type(Pointer program);

  int bpf_program__set_expected_attach_type(Pointer program, int type);

  int bpf_program__fd(Pointer program);

  Pointer bpf_program__attach(Pointer program);

  Pointer bpf_program__attach_iter(Pointer program, Pointer options);

  Pointer bpf_program__attach_uprobe_opts(
      Pointer program, int pid, String path, @size_t long offset, Pointer options);

  String bpf_map__name(Pointer map);

  int bpf_map__fd(Pointer map);

  int bpf_map__reuse_fd(Pointer map, int fd);

  int bpf_map__set_max_entries(Pointer map, int entries);

  int bpf_map__set_initial_value(Pointer map, byte[] value, @size_t long size);

  int bpf_link__fd(Pointer link);

  int bpf_link__destroy(Pointer link);

  int bpf_iter_create(int linkFd);

  int bpf_map_lookup_elem(int fd, byte[] key, byte[] value);

  int bpf_map_update_elem(int fd, byte[] key, byte[] value, long flags);

  int bpf_map_delete_elem(int fd, byte[] key);

  int bpf_obj_get_info_by_fd(int fd, Pointer info, Pointer length);
}
