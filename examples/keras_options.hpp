// SPDX-License-Identifier: Apache-2.0
// What the Keras examples are told on the command line: [--epochs N] [--data DIR] [--logs DIR]
#pragma once
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

struct keras_options {
  int epochs;
  std::string data{};  // a folder; empty: the program makes its own
  std::string logs{};  // a folder for TensorBoard
};

inline keras_options read_keras_options(int argc, char** argv, keras_options o) {
  for (int i = 1; i < argc; i += 2) {
    bool const has_value = i + 1 < argc;
    if (has_value && std::strcmp(argv[i], "--epochs") == 0 && std::atoi(argv[i + 1]) > 0) {
      o.epochs = std::atoi(argv[i + 1]);
    } else if (has_value && std::strcmp(argv[i], "--data") == 0) {
      o.data = argv[i + 1];
    } else if (has_value && std::strcmp(argv[i], "--logs") == 0) {
      o.logs = argv[i + 1];
    } else {
      std::fprintf(stderr, "usage: %s [--epochs N] [--data DIR] [--logs DIR]\n", argv[0]);
      std::exit(2);
    }
  }
  return o;
}
