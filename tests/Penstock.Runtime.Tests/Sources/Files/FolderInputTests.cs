using Penstock.Connectors;
using Penstock.Runtime.Tests.Files;
using Penstock.Sources.Files;

namespace Penstock.Runtime.Tests.Sources.Files;

/// <summary>A folder that is listed repeatedly: unchanged files are not opened again, and every change is detected.</summary>
public sealed class FolderInputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-").FullName;
    private readonly List<string> _opened = [];
    private readonly List<string> _gone = [];
    private readonly FolderInput _input;
    private Action _whenOpened = static () => { };

    public FolderInputTests() => _input = new FolderInput(
        new ReachedFiles(LocalFileSystem.Instance, path =>
        {
            if (path != _folder)
            {
                _opened.Add(Path.GetFileName(path));
                _whenOpened();
            }
        }),
        _gone.Add);

    [Fact]
    public void A_file_that_has_not_changed_is_not_opened_again()
    {
        Write("a.csv", "one", age: 100);
        Write("b.csv", "two", age: 100);
        var first = Look();
        Assert.Equal(["a.csv", "b.csv"], Opened());
        Assert.Equal(first, Look());
        Assert.Empty(Opened());
    }

    [Fact]
    public void Every_change_is_seen()
    {
        Write("a.csv", "one", age: 100);
        var first = Look();
        Write("a.csv", "two", age: 99);
        var second = Look();
        Assert.NotEqual(first[0].Fingerprint, second[0].Fingerprint);
        Write("a.csv", "three", age: 99);
        Assert.NotEqual(second[0].Fingerprint, Look()[0].Fingerprint);
        Write("b.csv", "one", age: 100);
        Assert.Equal(["a.csv", "b.csv"], Look().Select(static file => Path.GetFileName(file.Path)));
        File.Delete(Path.Combine(_folder, "a.csv"));
        Assert.Equal(first[0].Fingerprint, Assert.Single(Look()).Fingerprint);
    }

    [Fact]
    public void A_file_that_was_changed_a_moment_ago_is_opened_again()
    {
        // A second change need not change the time of the file.
        var path = Path.Combine(_folder, "a.csv");
        Write("a.csv", "one", age: 0);
        var time = File.GetLastWriteTimeUtc(path);
        var first = Look();
        File.WriteAllText(path, "two");
        File.SetLastWriteTimeUtc(path, time);
        Assert.NotEqual(first[0].Fingerprint, Look()[0].Fingerprint);
    }

    [Fact]
    public void A_file_behind_a_link_is_opened_again()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var targets = Directory.CreateDirectory(Path.Combine(_folder, "targets")).FullName;
        File.WriteAllText(Path.Combine(targets, "one"), "one");
        File.WriteAllText(Path.Combine(targets, "two"), "two");
        var link = Path.Combine(_folder, "a.csv");
        File.CreateSymbolicLink(link, Path.Combine(targets, "one"));
        var first = Look();
        File.WriteAllText(Path.Combine(targets, "one"), "six");
        Assert.NotEqual(first[0].Fingerprint, Look()[0].Fingerprint);
    }

    [Fact]
    public void A_look_at_many_files_allocates_no_buffer_for_each()
    {
        for (var number = 0; number < 20; number++)
        {
            Write($"{number:D2}.csv", new string('x', 100_000), age: 0);
        }

        Look();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Look();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 * 10_000);
    }

    [Fact]
    public void A_look_that_hangs_keeps_no_other_look_waiting()
    {
        Write("a.csv", "one", age: 100);
        Write("b.csv", "two", age: 100);
        IReadOnlyList<InputFile> other = [];
        _whenOpened = () =>
        {
            _whenOpened = static () => { };
            Assert.True(Task.Run(() => other = Look()).Wait(TimeSpan.FromSeconds(30)), "The other look waits.");
        };
        Assert.Equal(Look(), other);

        // The next listing uses the results of both.
        Opened();
        Assert.Equal(other, Look());
        Assert.Empty(Opened());
    }

    [Fact]
    public void A_file_that_is_deleted_during_a_look_is_left_out()
    {
        Write("a.csv", "one", age: 100);
        Write("b.csv", "two", age: 100);
        WhenOpened("a.csv", () => File.Delete(Path.Combine(_folder, "a.csv")));
        Assert.Equal(["b.csv"], Look().Select(static file => Path.GetFileName(file.Path)));
        Assert.Equal([Path.Combine(_folder, "a.csv")], _gone);
    }

    [Fact]
    public void The_last_file_that_is_deleted_during_a_look_leaves_no_input()
    {
        Write("a.csv", "one", age: 100);
        WhenOpened("a.csv", () => File.Delete(Path.Combine(_folder, "a.csv")));
        Assert.Throws<InputNotFoundException>(() => Look());
    }

    [Fact]
    public void A_folder_that_goes_during_a_look_shows_nothing_rather_than_a_part()
    {
        Write("a.csv", "one", age: 100);
        Write("b.csv", "two", age: 100);
        var away = _folder + "-away";
        WhenOpened("b.csv", () => Directory.Move(_folder, away));
        var error = Assert.Throws<PipelineException>(() => Look());
        Assert.Contains($"There is no file '{_folder}'", error.Message, StringComparison.Ordinal);
        Directory.Move(away, _folder);
        _whenOpened = static () => { };
        Assert.Equal(2, Look().Count);
        Assert.Empty(_gone);
    }

    [Fact]
    public void A_folder_that_is_back_within_a_look_is_seen_as_a_whole()
    {
        foreach (var name in (string[])["a.csv", "b.csv", "c.csv"])
        {
            Write(name, name, age: 100);
        }

        var away = _folder + "-away";
        WhenOpened("b.csv", () =>
        {
            Directory.Move(_folder, away);
            WhenOpened("c.csv", () =>
            {
                Directory.Move(away, _folder);
                _whenOpened = static () => { };
            });
        });
        Assert.Equal(3, Look().Count);
        Assert.Empty(_gone);
    }

    [Fact]
    public void A_file_that_is_listed_but_never_found_is_an_error()
    {
        Write("a.csv", "one", age: 100);
        Write("b.csv", "two", age: 100);
        WhenOpened("b.csv", static () => throw new FileNotFoundException("It is not there."));
        var error = Assert.Throws<IOException>(() => Look());
        Assert.Contains(
            $"The file '{Path.Combine(_folder, "b.csv")}' was listed, but was missing when it was opened: It is not there.",
            error.Message,
            StringComparison.Ordinal);
        Assert.Empty(_gone);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void WhenOpened(string name, Action happens) => _whenOpened = () =>
    {
        if (_opened[^1] == name)
        {
            happens();
        }
    };

    private IReadOnlyList<InputFile> Look() => _input.Find(_folder, [".csv"]);

    private List<string> Opened()
    {
        var opened = _opened.ToList();
        _opened.Clear();
        return opened;
    }

    private void Write(string name, string text, double age)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(-age));
    }
}
