// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/vector.hpp>
#include <tfx/io/file.hpp>

TFX_BEGIN
namespace io {

/// What the file `checkpoint` of a folder tells: the newest checkpoint there, and all that are kept, the oldest first.
/// Paths are as the file spells them, relative to the folder where that is possible.
template <class Text>
struct basic_checkpoint_state {
  Text model_checkpoint_path;
  vector<Text> all_model_checkpoint_paths{};
};
using checkpoint_state = basic_checkpoint_state<std::string>;

namespace detail {
/// A text between quotes, with what is no plain character written as C does.
template <class Text>
Text quoted(Text const& text) {
  Text out = "\"";
  for (char const c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      char code[5];
      std::snprintf(code, sizeof code, "\\%03o", unsigned{static_cast<unsigned char>(c)});
      out += code;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

/// The fields of a message written as text: `name: "value"`.
template <class Text>
class text_fields {
 public:
  explicit text_fields(std::string_view text) : text_(text) {}

  /// The next field; false at the end, and where there is none, which `failed` tells.
  bool next(Text& name, Text& value) {
    skip();
    if (at_ == text_.size()) return false;
    name = value = "";
    while (at_ < text_.size() && is_word(text_[at_])) name += text_[at_++];
    skip();
    failed = name.empty() || at_ == text_.size() || text_[at_++] != ':';
    if (failed) return false;
    skip();
    char const quote = at_ < text_.size() ? text_[at_] : ' ';
    if (quote != '"' && quote != '\'') {
      while (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '.' || text_[at_] == '-' || text_[at_] == '+'))
        value += text_[at_++];
      failed = value.empty();
      return !failed;
    }
    for (++at_; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      if (text_[at_] == quote) {
        ++at_;
        return true;
      }
      value += text_[at_] == '\\' ? escaped() : text_[at_];
    }
    failed = true;
    return false;
  }
  bool failed = false;

 private:
  std::string_view text_;
  std::size_t at_ = 0;

  static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
  void skip() {
    bool comment = false;
    for (; at_ < text_.size(); ++at_) {
      char const c = text_[at_];
      if (c == '#') comment = true;
      if (c == '\n') comment = false;
      if (!comment && c != ' ' && c != '\t' && c != '\r' && c != '\n') return;
    }
  }
  // What stands behind a backslash; the last character of it is left to be passed.
  char escaped() {
    if (at_ + 1 == text_.size()) return '\\';
    char const c = text_[++at_];
    int value = 0, digits = 0;
    while (digits < 3 && at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '7') {
      value = 8 * value + (text_[at_++] - '0');
      ++digits;
    }
    if (digits > 0) {
      --at_;
      return static_cast<char>(value);
    }
    return c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
  }
};
template <class Text>
Text state_name(Text const& folder) {
  return (folder.empty() ? "." : folder) + (!folder.empty() && folder.back() == '/' ? "checkpoint" : "/checkpoint");
}
}  // namespace detail

template <class Text>
void write_checkpoint_state(Text const& folder, basic_checkpoint_state<Text> const& state) {
  Text text = "model_checkpoint_path: " + detail::quoted(state.model_checkpoint_path) + "\n";
  for (Text const& path : state.all_model_checkpoint_paths)
    text += "all_model_checkpoint_paths: " + detail::quoted(path) + "\n";
  write_file(detail::state_name(folder), text.data(), text.size());
}
/// No paths where there is no such file; DataLossError if it is damaged.
template <class Text>
basic_checkpoint_state<Text> read_checkpoint_state(Text const& folder) {
  Text const file = detail::state_name(folder);
  basic_checkpoint_state<Text> state;
  if (!exists(file)) return state;
  auto const bytes = read_file(file);
  detail::text_fields<Text> fields({reinterpret_cast<char const*>(bytes.data()), bytes.size()});
  Text name, value;
  while (fields.next(name, value)) {
    if (name == "model_checkpoint_path") state.model_checkpoint_path = value;
    if (name == "all_model_checkpoint_paths") state.all_model_checkpoint_paths.push_back(value);
  }
  if (fields.failed || state.model_checkpoint_path.empty())
    raise<errors::DataLossError>("%s: does not tell a checkpoint", file.c_str());
  return state;
}

}  // namespace io
TFX_END
