using System.Reflection;
using System.Text;
using Penstock.Connectors;
using Penstock.Formats;
using Penstock.Runtime.Tests.Formats.Messages;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.Sources.Files;

namespace Penstock.Runtime.Tests.Formats.Json.Trees;

/// <summary>Calls the private generated readers and writers of a pipeline.</summary>
internal static class TreeText
{
    internal delegate void WriteRow<T>(Utf8Buffer output, in T row, RowKind kind);

    /// <summary>Reads a file.</summary>
    public static List<T> Read<TPipeline, T>(
        string reader,
        string text,
        IBadRowHandler? badRows = null,
        long splitSize = long.MaxValue,
        int batchSize = 1024,
        int bufferSize = 256 * 1024) =>
        (List<T>)Call<TPipeline, T>(
            typeof(SourceReading),
            reader.Contains("Csv", StringComparison.Ordinal) ? nameof(SourceReading.ReadCsv) : nameof(SourceReading.ReadJson),
            reader,
            [text, splitSize, batchSize, bufferSize, badRows])!;

    /// <summary>Reads the value of a message.</summary>
    public static T? ReadMessage<TPipeline, T>(string reader, string text, out string error)
    {
        object?[] arguments = [text, null];
        var row = (T?)Call<TPipeline, T>(
            typeof(MessageReading),
            reader.Contains("Csv", StringComparison.Ordinal) ? nameof(MessageReading.ReadCsv) : nameof(MessageReading.ReadJson),
            reader,
            arguments);
        error = (string)arguments[1]!;
        return row;
    }

    /// <summary>Writes rows, without a header.</summary>
    public static string Write<TPipeline, T>(string writer, params IEnumerable<T> rows)
    {
        using var output = new Utf8Buffer(16);
        var write = Writer<TPipeline, T>(writer);
        foreach (var row in rows)
        {
            write(output, in row, RowKind.Insert);
        }

        return Encoding.UTF8.GetString(output.Written);
    }

    /// <summary>A JSON Lines file in memory.</summary>
    public static ISource<T> Source<TPipeline, T>(string reader, string text) =>
        Source<TPipeline, T>(reader, SourceReading.Options(SourceReading.FileWith("/in/rows.jsonl", text), "/in/rows.jsonl"));

    /// <summary>JSON Lines files.</summary>
    public static ISource<T> Source<TPipeline, T>(string reader, FileSourceOptions options) =>
        (ISource<T>)Activator.CreateInstance(
            typeof(JsonLinesFileSource<,>).MakeGenericType(typeof(T), Nested<TPipeline>(reader)),
            options)!;

    /// <summary>Writes a row.</summary>
    public static WriteRow<T> Writer<TPipeline, T>(string writer) =>
        Nested<TPipeline>(writer).GetMethod("Write", BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<WriteRow<T>>();

    private static Type Nested<TPipeline>(string name) => typeof(TPipeline).GetNestedType(name, BindingFlags.NonPublic)
        ?? throw new InvalidOperationException($"{typeof(TPipeline)} has no {name}.");

    private static object? Call<TPipeline, T>(Type type, string method, string reader, object?[] arguments)
    {
        try
        {
            return type.GetMethod(method)!.MakeGenericMethod(typeof(T), Nested<TPipeline>(reader)).Invoke(null, arguments);
        }
        catch (TargetInvocationException error)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerException!);
            throw;
        }
    }
}
