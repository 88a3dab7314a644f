// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/clock.hpp>
#include <tfx/inspect/graph.hpp>
#include <tfx/io/record.hpp>
#include <tfx/summary/event.hpp>

TFX_BEGIN
namespace summary {

namespace detail {
/// Seconds since 1970.
inline double now() { return 1e-9 * static_cast<double>(nanoseconds_since_1970()); }
/// Whether a text is the fields of a Summary: values, and nothing else.
inline bool is_summary(std::string_view text) {
  while (!text.empty()) {
    if (text[0] != '\x0a') return false;
    u64 size = 0;
    std::size_t at = 1;
    for (int shift = 0;; shift += 7) {
      if (at == text.size() || shift > 63) return false;
      auto const byte = static_cast<unsigned char>(text[at++]);
      size |= u64{byte & 0x7fu} << shift;
      if (byte < 0x80) break;
    }
    if (size > text.size() - at) return false;
    text.remove_prefix(at + static_cast<std::size_t>(size));
  }
  return true;
}
}  // namespace detail

/// Writes summaries and graphs for TensorBoard, into a new file `events.out.tfevents.<seconds>.<host>` of a folder,
/// which is made where there is none: `summary::FileWriter writer("logs", Graph(train));` A program that runs again
/// writes another file of that folder, which TensorBoard shows as one with the first. What was added is on the disk
/// after `flush`, `close`, the end of the writer, or two minutes, when the next one is added. Errors name the file:
/// FailedPreconditionError where it cannot be written, in which case it ends with the last whole event. Not for several
/// threads at once; several writers may write in one folder.
class FileWriter {
 public:
  explicit FileWriter(std::string const& logdir) : logdir_(logdir.empty() ? "." : logdir) {
    io::make_folders(logdir_);
    double const seconds = flushed_ = detail::now();
    create(static_cast<long long>(seconds));
    add(static_cast<double>(static_cast<i64>(seconds)), 0, detail::file_version_field, "brain.Event:2");
    flush();
    io::sync_folder(path_);
  }
  template <u64... Hash>
  FileWriter(std::string const& logdir, Graph<Hash...> const& graph) : FileWriter(logdir) {
    add_graph(graph);
  }
  FileWriter(FileWriter const&) = delete;
  FileWriter& operator=(FileWriter const&) = delete;
  ~FileWriter() {
    if (file_.is_open() && write_out()) file_.sync();
  }

  /// The file that is written.
  std::string const& path() const { return path_; }
  std::string const& get_logdir() const { return logdir_; }

  /// What a run gave for a summary: `writer.add_summary(sess.run(loss_summary, x = data), step)`. InvalidArgumentError
  /// if it is no serialised Summary.
  void add_summary(std::string_view summary, i64 global_step = 0) {
    if (!detail::is_summary(summary))
      raise<errors::InvalidArgumentError>("%s: add_summary takes what a summary gives: this is no serialised Summary",
                                          path_.c_str());
    add(detail::now(), global_step, detail::summary_field, summary);
  }
  template <u64... Hash>
  void add_graph(Graph<Hash...> const& graph, i64 global_step = 0) {
    add_graph(graph.as_graph_def(), global_step);
  }
  /// A graph as a serialised GraphDef.
  void add_graph(std::string_view graph_def, i64 global_step = 0) {
    add(detail::now(), global_step, detail::graph_def_field, graph_def);
  }

  /// Lets everything that was added reach the disk.
  void flush() {
    refuse_closed();
    if (!write_out() || !file_.sync()) io::detail::refuse_file(path_.c_str());
    if (file_.is_removed()) raise<errors::NotFoundError>("%s: the events file has disappeared", path_.c_str());
    flushed_ = detail::now();
  }
  /// The same, and nothing can be added any more. A second time does nothing.
  void close() {
    if (!file_.is_open()) return;
    flush();
    file_.close();
  }

 private:
  static constexpr double flush_seconds = 120;
  static constexpr std::size_t most_waiting = std::size_t{1} << 16;

  std::string logdir_, path_;
  io::detail::system_file file_;
  std::string waiting_;  // records that are to be written
  u64 written_ = 0;      // how long the file is
  double flushed_ = 0;   // when

  // Two writers may begin in one second: each makes a file of its own, and the later one comes after the other.
  void create(long long seconds) {
    char host[256];
    io::detail::host_name(host, sizeof host);
    char name[320];
    std::snprintf(name, sizeof name, "/events.out.tfevents.%010lld.%s", seconds, host);
    for (int i = 0;; ++i) {
      path_ = logdir_ + name + (i > 0 ? "." + std::to_string(i) : "");
      file_ = io::detail::system_file::create(path_.c_str());
      if (file_.is_open()) return;
      if (errno != EEXIST) io::detail::refuse_file(path_.c_str());
    }
  }
  void refuse_closed() const {
    if (!file_.is_open()) raise<errors::FailedPreconditionError>("%s: the FileWriter is closed", path_.c_str());
  }
  void add(double time, i64 step, int field, std::string_view content) {
    refuse_closed();
    io::put_record(waiting_, detail::event_bytes(time, step, field, content));
    if (time - flushed_ >= flush_seconds) return flush();
    if (waiting_.size() >= most_waiting && !write_out()) io::detail::refuse_file(path_.c_str());
  }
  // False where the system refuses; the file then ends with a whole record, and the rest still waits.
  bool write_out() {
    std::size_t at = 0;
    while (at < waiting_.size()) {
      i64 const put = file_.write_at(written_ + at, waiting_.data() + at, waiting_.size() - at);
      if (put <= 0) {
        if (put == 0) errno = ENOSPC;
        file_.cut(written_);
        return false;
      }
      at += static_cast<std::size_t>(put);
    }
    written_ += at;
    waiting_.clear();
    return true;
  }
};

}  // namespace summary
TFX_END
