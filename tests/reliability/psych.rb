# Reads news item files as Jekyll does. Each line of standard input is a JSON list of texts. For each line, one line of
# standard output is a JSON list with the data, or the error, that Psych returns for the front matter of each text.

require "date"
require "json"
require "psych"

FRONT_MATTER = /\A(---\s*\n.*?\n?)^((---|\.\.\.)\s*$\n?)/m

# !!binary returns bytes, which may not be valid text.
def text(value)
  value = value.dup.force_encoding("UTF-8")
  value.valid_encoding? ? value : ["bytes", value.inspect]
end

# JSON lacks some types of YAML. Their values become lists of the name of the type and a text. A list becomes a list that
# contains it, so that it cannot be mistaken for one of these.
def plain(value)
  case value
  when Hash then value.to_h { |key, child| [key.is_a?(String) ? key : plain(key).to_json, plain(child)] }
  when Array then [value.map { |child| plain(child) }]
  when Time then ["time", (value.to_r * 1_000_000).round.to_s]
  when Date then ["date", value.strftime("%Y-%m-%d")]
  when Float then ["float", [value.nan? ? Float::NAN : value].pack("G").unpack1("H*")]
  when Integer then ["integer", value.to_s]
  when String then text(value)
  when true, false, nil then value
  else [value.class.name, value.to_s]
  end
end

def read(text)
  text = text.delete_prefix("\ufeff")
  return ["no front matter"] unless text =~ FRONT_MATTER

  plain(Psych.safe_load(Regexp.last_match(1), permitted_classes: [Date, Time], aliases: true))
rescue StandardError, SystemStackError => error # tags can make Psych call missing methods, and data can contain itself
  ["error", error.message.scrub]
end

$stdout.sync = true
$stdin.each_line { |line| puts JSON.generate(JSON.parse(line).map { |text| read(text) }) }
