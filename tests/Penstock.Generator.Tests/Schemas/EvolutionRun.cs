namespace Penstock.Generator.Tests.Schemas;

/// <summary>
/// Runs an old program with rows, takes a checkpoint, and runs the new program with more rows. The output must equal that of a plain loop
/// over all rows.
/// </summary>
internal static class EvolutionRun
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 30).Select(static number => $"key{number}"), ""];

    /// <summary>Runs both programs.</summary>
    /// <param name="before">The members of the old operator.</param>
    /// <param name="after">The members of the new one.</param>
    /// <param name="oracle">
    /// Returns the expected output of a key at the end, from the numbers that the old program received and those that the new one received.
    /// </param>
    /// <param name="window">Whether the operators have windows.</param>
    public static void Check(string before, string after, Func<int[], int[], string> oracle, bool window = false)
    {
        var folder = Directory.CreateTempSubdirectory("penstock-evolution");
        try
        {
            var random = new Random(before.Length * 31 + after.Length);
            var first = Rows(random, 200);
            var second = Rows(random, 200);

            EvolvingProgram.Compile(before, window ? "\"1h\"" : null).Run(folder.FullName, first);
            var program = EvolvingProgram.Compile(after, window ? "\"1h\"" : null);
            var output = program.Run(folder.FullName, second, parallelism: 2, end: window);
            Compare(output, second.Concat(window ? first : []), key => oracle(Numbers(first, key), Numbers(second, key)));
            if (!window)
            {
                // The new program restores its own checkpoints, full and incremental, in its own schema.
                var third = Rows(random, 50);
                Compare(
                    program.Run(folder.FullName, third),
                    third,
                    key => oracle(Numbers(first, key), [.. Numbers(second, key), .. Numbers(third, key)]));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Returns the reason why the new program refuses the state of the old one, after checking that nothing was changed.</summary>
    public static string Refusal(EvolvingProgram before, EvolvingProgram after)
    {
        var folder = Directory.CreateTempSubdirectory("penstock-evolution");
        try
        {
            before.Run(folder.FullName, [("a", 1), ("b", 2)]);
            var files = Contents(folder);
            var refused = Assert.ThrowsAny<PipelineException>(() => after.Run(folder.FullName, []));
            Assert.Equal(files, Contents(folder));

            // The old program can still read the refused state.
            before.Run(folder.FullName, [("a", 1)]);
            return refused.Message;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Compare(string[] output, IEnumerable<(string Key, int Number)> rows, Func<string, string> oracle)
    {
        var last = output
            .GroupBy(static text => text[..text.IndexOf('=', StringComparison.Ordinal)])
            .ToDictionary(static group => group.Key, static group => group.Last());
        foreach (var key in rows.Select(static row => row.Key).Distinct())
        {
            Assert.Equal($"{key}={oracle(key)}", last[key]);
        }
    }

    private static Dictionary<string, byte[]> Contents(DirectoryInfo folder) =>
        folder.GetFiles()
            .Where(static file => file.Name != "lock")
            .ToDictionary(static file => file.Name, static file => File.ReadAllBytes(file.FullName));

    private static (string Key, int Number)[] Rows(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (Keys[random.Next(Keys.Length)], random.Next(1, 100)))];

    private static int[] Numbers((string Key, int Number)[] rows, string key) =>
        [.. rows.Where(row => row.Key == key).Select(static row => row.Number)];
}
