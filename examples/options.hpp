// SPDX-License-Identifier: Apache-2.0
// What the examples that train are told on the command line.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <tfx/tfx.hpp>

/// What a program is, for its usage.
struct program {
  char const* name;  // and of the folders that it makes
  int steps;         // unless told otherwise
  char const* data =
      "DIR       the folder of MNIST's four files, plain or .gz; without it, digits drawn by the program";
};

struct options {
  int steps;                 // in all, those before a stop among them
  std::string data{};        // where it is; empty: the program makes its own
  std::string checkpoint{};  // the path to save at, or empty
  std::string logs{};        // the folder for TensorBoard, or empty
  std::string restore{};     // the checkpoint to go on from, or empty
};

inline void print_usage(program const& p, std::FILE* to) {
  std::fprintf(to,
               "usage: %s [--steps N] [--data PATH] [--checkpoint DIR [--resume]] [--logs DIR]\n"
               "  --steps N         train for N steps in all (%d)\n"
               "  --data %s\n"
               "  --checkpoint DIR  save every 100 steps and at the end, in DIR/%s\n"
               "  --resume          go on from the newest checkpoint there\n"
               "  --logs DIR        write losses and graph for TensorBoard, in DIR/%s\n",
               p.name, p.steps, p.data, p.name, p.name);
}
/// Ends the program, which was called wrongly.
[[noreturn]] inline void refuse(program const& p, char const* why, char const* what) {
  std::fprintf(stderr, "%s: %s%s\n", p.name, why, what);
  print_usage(p, stderr);
  std::exit(2);
}

inline options read_options(int argc, char** argv, program const& p) {
  options o{p.steps};
  bool resume = false;
  for (int i = 1; i < argc; ++i) {
    char const* const option = argv[i];
    auto const is = [&](char const* name) { return std::strcmp(option, name) == 0; };
    auto const value = [&] {
      return i + 1 < argc && argv[i + 1][0] ? argv[++i] : (refuse(p, "no value after ", option), "");
    };
    if (is("--data")) {
      o.data = value();
    } else if (is("--checkpoint")) {
      o.checkpoint = value();
    } else if (is("--logs")) {
      o.logs = value();
    } else if (is("--steps")) {
      char const* const text = value();
      char* end = nullptr;
      long const steps = std::strtol(text, &end, 10);
      if (*end || steps < 1 || steps > 1000000000) refuse(p, "--steps takes a number from 1 on, not ", text);
      o.steps = static_cast<int>(steps);
    } else if (is("--resume")) {
      resume = true;
    } else if (is("--help") || is("-h")) {
      print_usage(p, stdout);
      std::exit(0);
    } else {
      refuse(p, "unknown option ", option);
    }
  }
  if (!o.logs.empty()) o.logs.append("/").append(p.name);
  if (resume && o.checkpoint.empty()) refuse(p, "--resume needs --checkpoint", "");
  if (o.checkpoint.empty()) return o;
  o.checkpoint.append("/").append(p.name);
  tfx::io::make_folders(o.checkpoint);
  if (resume) o.restore = tfx::train::latest_checkpoint(o.checkpoint);
  if (resume && o.restore.empty()) std::printf("no checkpoint in %s: begins anew\n", o.checkpoint.c_str());
  o.checkpoint.append("/model");
  return o;
}
