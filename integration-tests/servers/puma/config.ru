# An application for Puma, with the routes of examples/python-server.
# usage: puma --bind tcp://HOST:PORT config.ru
require 'net/http'
require 'uri'

BODILESS = [204, 304].freeze
$stdout.sync = true

# A body whose length Puma does not know: it sends chunks, each in a write of its own.
class Chunks
  attr_reader :bytesize

  def initialize(count)
    @count = count
    @bytesize = 10 * count
  end

  def each = @count.times { yield '0123456789' }
end

class Answers
  def call(env)
    method, path = env.values_at('REQUEST_METHOD', 'PATH_INFO')
    query = URI.decode_www_form(env['QUERY_STRING']).to_h
    status, body = answer(path[1..].split('/', 2), query, env['rack.input'])
    empty = method == 'HEAD' || BODILESS.include?(status)
    headers = {}
    headers['Content-Length'] = body.bytesize.to_s if body.is_a?(String) && !BODILESS.include?(status)
    puts "access #{method} #{path} #{status} #{empty ? 0 : body.bytesize}"
    [status, headers, empty ? [] : body.is_a?(String) ? [body] : body]
  end

  private

  def answer((route, argument), query, input)
    case route
    when nil then [200, "hello from puma\n"]
    when 'echo' then [200, input.read]
    when 'delay'
      sleep(query.fetch('ms', 100).to_i / 1000.0)
      [200, "waited\n"]
    when 'status' then argument =~ /\A[2-5]\d\d\z/ ? [argument.to_i, "status #{argument}\n"] : missing
    when 'bytes' then [200, 'x' * query.fetch('n', 1024).to_i]
    when 'chunked' then [200, Chunks.new(query.fetch('n', 10).to_i)]
    when 'call' then called(query['url'], query.fetch('times', 1).to_i)
    else missing
    end
  end

  # By the thread that serves the request.
  def called(url, times)
    code = nil
    times.times { code = Net::HTTP.get_response(URI(url)).code }
    [200, "#{url} answered #{code}\n"]
  rescue SystemCallError => e
    [502, "#{e.message}\n"]
  end

  def missing = [404, "not found\n"]
end

run Answers.new
