using Penstock.Generator.Fusion;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>The code of a task with windows: adding a row to its window or slice, and firing windows.</summary>
internal abstract class WindowCode
{
    private readonly Stage _head;
    private readonly OperatorNode _node;
    private readonly CodeWriter _code;
    private readonly TaskNames _names;
    private readonly string _key;
    private readonly string _state;

    protected WindowCode(Stage head, CodeWriter code, TaskNames names)
    {
        _head = head;
        _node = (OperatorNode)head.Node;
        _code = code;
        _names = names;
        _key = names.Pipeline.Key(_node);
        _state = ClassParts.Contract(_node) + ".State";
        Refires = WindowModel.Of(_node).Lateness > 0;
        Folds = Refires && !_node.Applied.KeepsBeyondWindows;
    }

    protected OperatorNode Node => _node;

    protected CodeWriter Code => _code;

    protected TaskNames Names => _names;

    protected string Key => _key;

    protected string State => _state;

    /// <summary>Whether windows fire again for late rows.</summary>
    protected bool Refires { get; }

    /// <summary>
    /// Whether several rows of a batch that change one result emit it only once. If rows of other windows can change it too, the output
    /// would depend on the batch.
    /// </summary>
    protected bool Folds { get; }

    /// <summary>Whether the row's window or slice must be told that the row has changed it after it fired.</summary>
    protected abstract bool TellsChanges { get; }

    /// <summary>The condition on which it must be told.</summary>
    protected virtual string ChangesWhen => $"{Pane}.HasFired";

    /// <summary>Whether that needs the hash of the key.</summary>
    protected abstract bool TellsHash { get; }

    /// <summary>The variable for what a row is added to: a window, or a slice, which is never called a window.</summary>
    protected abstract string Pane { get; }

    /// <summary>The comment on a row that is added to none.</summary>
    protected abstract string LateComment { get; }

    /// <summary>The type of the variable with the bounds of a window that fires.</summary>
    protected abstract string WindowType { get; }

    /// <summary>Emits what happens when event time advances.</summary>
    public void EmitMethods()
    {
        EmitWatermark();
        if (Folds)
        {
            _code.Line();
            using (_code.Braces("protected override void EndRows()"))
            {
                EmitLate(_names.Windows(_node));
            }
        }

        EmitFire();
    }

    /// <summary>Emits the method that fires windows.</summary>
    protected abstract void EmitWatermark();

    /// <summary>Emits the firing of windows that late rows have changed.</summary>
    /// <param name="windows">The variable with the windows.</param>
    protected abstract void EmitLate(string windows);

    /// <summary>Emits what happens after a row has changed a window or slice that has fired.</summary>
    /// <param name="windows">The variable with the windows.</param>
    protected abstract void EmitChanged(string windows);

    /// <summary>The expression for the secret in the hashes of keys, in the method that fires.</summary>
    protected abstract string SecretInFire { get; }

    /// <summary>The arguments, after the key and its hash, with which maps and lists are opened for a row or window.</summary>
    protected abstract string ScopeArguments { get; }

    /// <summary>Emits how a row is added to its window or slice.</summary>
    public void EmitRow(RowVariable row, StageEmitter stages)
    {
        _code.Line($"var {Pane} = {stages.LocalFor(_names.Windows(_node))}.At({row.Time}, splitWatermark);");
        using (_code.Braces($"if ({Pane} == null)"))
        {
            _code.Line($"// {LateComment}");
            foreach (var late in _head.SideOutputs)
            {
                stages.EmitAll(late.Next, row);
            }

            if (stages.EndRow([.. _head.SideOutputs.SelectMany(static late => late.WorkingStages())]))
            {
                _code.Line();
            }

            _code.Line("continue;");
        }

        _code.Line();
        _code.Line($"var key = {_key}.Of(in {row.Name});");
        var hash = HasWider || TellsHash ? "hash" : $"{_key}.Hash(key, secret)";
        if (hash == "hash")
        {
            _code.Line($"var hash = {_key}.Hash(key, secret);");
        }

        if (TellsChanges)
        {
            _code.Line($"var keysBefore = {Pane}.Count;");
        }

        _code.Line($"ref var state = ref {Pane}.GetOrAdd(key, {hash});");
        EmitWider(stages, row.Time);
        _code.Line(
            $"{ClassParts.Contract(_node)}.Accumulate({stages.LocalFor(_names.Operator(_node))}, in {row.Name}, ref state{KeyState});");
        if (TellsChanges)
        {
            using (_code.Braces($"if ({ChangesWhen})"))
            {
                EmitChanged(stages.LocalFor(_names.Windows(_node)));
            }
        }
    }

    // Whether there is state outside of the entry of the key and window.
    private bool HasWider => _node.Applied.HasKeyState || _node.Applied.HasCollections;

    private string KeyState => _node.Applied.HasKeyState ? ", ref keyState" : "";

    private void EmitWider(StageEmitter stages, string time)
    {
        if (ClassParts.HasRowTime(_node))
        {
            _code.Line($"{stages.LocalFor(_names.Clock(_node))}.Enter({time});");
        }

        if (_node.Applied.HasKeyState)
        {
            _code.Line($"ref var keyState = ref {stages.LocalFor(_names.KeyTable(_node))}.GetOrAdd(key, hash);");
        }

        if (_node.Applied.HasCollections)
        {
            _code.Line($"{stages.LocalFor(_names.Scope(_node))}.Enter(key, hash{ScopeArguments});");
        }
    }

    private void EmitFire()
    {
        var locals = new Names(["key", "hash", "window", "state", "keyState", "time", "kind", "error"]);
        var stages = new StageEmitter(_code, _names, locals);
        _code.Line();
        _code.Line("/// <summary>Calls the operator for a key and window, and emits the result.</summary>");
        _code.Line(
            $"private void {_names.Fire(_node)}({_key} key, {WindowType} window, ref {_state} state{(Refires ? ", global::Penstock.RowKind kind" : "")})");
        using (_code.Braces())
        {
            using (_code.Braces("try"))
            {
                if (HasWider)
                {
                    _code.Line($"var hash = {_key}.Hash(key, {SecretInFire});");
                    EmitWider(stages, "window.End - 1");
                }

                var fired = stages.Local(_node.Applied.Output, _node.Name, "fired");
                _code.Line(
                    $"var {fired} = {ClassParts.Contract(_node)}.Fire({_names.Operator(_node)}, new global::Penstock.Window<{_node.Key!.Value.Type}>(key.Value, window.Start, window.End), ref state{KeyState});");
                stages.EmitDownstream(_head, new RowVariable(fired, "window.End - 1", Refires ? "kind" : null));
            }

            using (_code.Braces("catch (global::System.Exception error) when (error is not global::Penstock.PipelineException)"))
            {
                _code.Line("throw Failed(error, key.ToString(), Operators);");
            }
        }
    }
}
