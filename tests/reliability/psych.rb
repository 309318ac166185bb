# Reads news item files as Jekyll does: each line of standard input is a JSON list of their texts, and each line of
# standard output the list of what Psych makes of their front matter, or of its error.

require "date"
require "json"
require "psych"

FRONT_MATTER = /\A(---\s*\n.*?\n?)^((---|\.\.\.)\s*$\n?)/m

# What !!binary gives is bytes.
def text(value)
  value = value.dup.force_encoding("UTF-8")
  value.valid_encoding? ? value : ["bytes", value.inspect]
end

# JSON has fewer types than YAML: those that it lacks become lists of one name and one text.
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
rescue StandardError, SystemStackError => error # tags can make Psych call what is not there; data can hold itself
  ["error", error.message.scrub]
end

$stdout.sync = true
$stdin.each_line { |line| puts JSON.generate(JSON.parse(line).map { |text| read(text) }) }
