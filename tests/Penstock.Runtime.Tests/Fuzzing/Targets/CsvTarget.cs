using System.Text;
using Penstock.Runtime.Tests.Formats;
using Penstock.Sources.Files;

namespace Penstock.Runtime.Tests.Fuzzing.Targets;

/// <summary>CSV files: for every division, the rows and the bad rows are the same.</summary>
internal sealed class CsvTarget : IFuzzTarget
{
    public string Name => "csv";

    public void Run(Random random)
    {
        var names = RowTexts.Names.ToArray();
        if (random.Next(2) == 0)
        {
            random.Shuffle(names);
        }

        string[] header = random.Next(3) == 0 ? ["other", .. names] : names;
        var lineEnd = random.Pick("\n", "\r\n");
        var text = new StringBuilder(random.Next(4) == 0 ? "\uFEFF" : "").AppendJoin(',', header).Append(lineEnd);
        for (var i = random.Next(5); i > 0; i--)
        {
            text.AppendJoin(',', header.Select(name => Field(random, name))).Append(lineEnd);
        }

        Compare<Maybe, Codecs.MaybeCsvReader>(random, Mutator.Mutate(random, Encoding.UTF8.GetBytes(text.ToString())));
        var one = "text" + lineEnd + string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => Field(random, "text") + lineEnd));
        Compare<OneText, Codecs.OneTextCsvReader>(random, Mutator.Mutate(random, Encoding.UTF8.GetBytes(one)));
    }

    private static void Compare<T, TReader>(Random random, byte[] content)
        where TReader : struct, Penstock.Formats.ICsvRowReader<T>
    {
        const string path = "/in/rows.csv";
        var whole = Reading.Of(content, path, options => new CsvFileSource<T, TReader>(options));
        Reading
            .Of(random, content, path, options => new CsvFileSource<T, TReader>(options))
            .MustBe(whole, Encoding.UTF8.GetString(content));
    }

    private static string Field(Random random, string name)
    {
        var value = random.Next(6) == 0 ? "" : RowTexts.Value(random, name);
        return random.Next(4) == 0 ? $"\"{value}\"" : value;
    }
}
