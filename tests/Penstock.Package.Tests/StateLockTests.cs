namespace Penstock.Package.Tests;

/// <summary>penstock.state.lock in a project outside of the repository: its build writes it, and its compiler compares it.</summary>
public sealed class StateLockTests(Packages packages)
{
    private const string Update = "-t:UpdatePenstockStateLock";

    private const string First = """
        # What the pipelines of the last release save. Commit it; update it with each release: dotnet build -t:UpdatePenstockStateLock
        penstock-state-lock 1

        [ShopRevenue]
        Hourly: windows(string;3600000000,0){Orders:int32;Total:decimal}
        Orders: splits{}
        Recent: sliding(string;10800000000,3600000000,0){Total:decimal}

        """;

    [Fact]
    public async Task A_lock_is_filled_guards_the_state_and_is_created_and_updated_on_request()
    {
        var sample = await SampleFolder.CreateAsync(packages, "lock");
        var file = Path.Combine(sample.Path, "penstock.state.lock");

        // Without a lock, nothing is written; an empty lock is filled.
        await BuildAsync(sample, succeeds: true);
        Assert.False(File.Exists(file));
        await File.WriteAllTextAsync(file, "");
        await BuildAsync(sample, succeeds: true);
        Assert.Equal(First, await ReadAsync(file));
        await BuildAsync(sample, succeeds: true);

        // State that could not be restored does not build, and is not written to the lock.
        sample.Replace("partial ref int Orders", "partial ref short Orders");
        Assert.Contains("error PEN315", await BuildAsync(sample, succeeds: false), StringComparison.Ordinal);
        Assert.Contains("error PEN315", await BuildAsync(sample, succeeds: false, Update), StringComparison.Ordinal);
        Assert.Equal(First, await ReadAsync(file));

        // Until the next release, only editors report state that could be restored.
        sample.Replace("partial ref short Orders", "partial ref long Orders");
        sample.Replace("Orders, Total);", "(int)Orders, Total);");
        await BuildAsync(sample, succeeds: true);
        Assert.Equal(First, await ReadAsync(file));
        await BuildAsync(sample, succeeds: true, Update);
        var second = First.Replace("int32", "int64", StringComparison.Ordinal);
        Assert.Equal(second, await ReadAsync(file));
        await BuildAsync(sample, succeeds: true);

        // Without a lock one is created, from nothing that an earlier build has left.
        File.Delete(file);
        var generated = Path.Combine(sample.Path, "obj", "Release", "net10.0", "generated");
        Directory.Delete(generated, recursive: true);
        await BuildAsync(sample, succeeds: true);
        Assert.False(Directory.Exists(generated));
        await BuildAsync(sample, succeeds: true, Update);
        Assert.Equal(second, await ReadAsync(file));

        // A lock of a newer version is not overwritten.
        await File.WriteAllTextAsync(file, "penstock-state-lock 2\n");
        Assert.Contains(
            "penstock.state.lock(1,1): error PEN318",
            await BuildAsync(sample, succeeds: false, Update),
            StringComparison.Ordinal);
        Assert.Equal("penstock-state-lock 2\n", await ReadAsync(file));
    }

    private static async Task<string> BuildAsync(SampleFolder sample, bool succeeds, params string[] arguments)
    {
        var build = await sample.BuildAsync(arguments);
        Assert.True(build.ExitCode == 0 == succeeds, build.Output);
        Assert.DoesNotContain("error CS", build.Output, StringComparison.Ordinal);
        return build.Output;
    }

    private static async Task<string> ReadAsync(string file) => (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n");
}
