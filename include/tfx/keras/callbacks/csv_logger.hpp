// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <memory>
#include <tfx/io/file.hpp>
#include <tfx/keras/callbacks/monitor.hpp>

TFX_BEGIN
namespace keras::callbacks {

struct csv_logger_options {
  char separator = ',';
  bool append = false;  // to what the file holds, for training that goes on
};
/// Writes a line for each epoch, in a new file unless told to append (python/keras/callbacks.py): the epoch from 0 on,
/// and the values that the first epoch told, in the order of their names, which are the file's first line. Numbers have
/// as many digits as tell them; NA stands for a value that an epoch lacks. A line is in the file when the epoch is
/// over. NotFoundError where there is no such folder, FailedPreconditionError where the file cannot be written.
template <class Text>
class basic_csv_logger : public Callback {
 public:
  static constexpr bool needs_files = false;

  explicit basic_csv_logger(Text const& file, csv_logger_options const& options = {})
      : path_(file), options_(options) {}

  void on_train_begin(training_run&) override {
    bool const goes_on = options_.append && io::exists(path_) && io::input_file(path_).size() > 0;
    file_.reset(std::fopen(path_.c_str(), options_.append ? "ab" : "wb"));
    if (!file_) io::detail::refuse_file(path_.c_str());
    needs_header_ = !goes_on;
    names_.clear();
  }
  void on_epoch_end(int epoch, logs const& all, training_run&) override {
    if (names_.empty()) {
      for (log_entry const& l : all) names_.emplace_back(l.name);
      std::sort(names_.begin(), names_.end());
    }
    Text text;
    if (needs_header_) {
      text = "epoch";
      for (Text const& name : names_) put(text, name);
      text += '\n';
      needs_header_ = false;
    }
    text += std::to_string(epoch);
    for (Text const& name : names_) {
      double const* const value = all.find(name);
      put(text, value ? detail::number_text(*value) : "NA");
    }
    text += '\n';
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size() || std::fflush(file_.get()) != 0)
      io::detail::refuse_file(path_.c_str());
  }
  void on_train_end(training_run&) override { file_.reset(); }

 private:
  struct closer {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  Text path_;
  csv_logger_options options_;
  std::unique_ptr<std::FILE, closer> file_;
  std::vector<Text> names_;
  bool needs_header_ = true;

  // A field that holds a separator or a quotation mark stands in quotation marks.
  void put(Text& line, Text const& field) const {
    line += options_.separator;
    bool const quoted = field.find(options_.separator) != Text::npos || field.find('"') != Text::npos;
    if (quoted) line += '"';
    for (char c : field) {
      if (c == '"') line += '"';
      line += c;
    }
    if (quoted) line += '"';
  }
};
using CSVLogger = basic_csv_logger<std::string>;

}  // namespace keras::callbacks
TFX_END
